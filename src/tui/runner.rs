//! The effect runner: carries out what panes ask for, and keeps the model true to the file.

mod beside;
mod log;
mod news;
mod step;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::load::{self, Stale};
use super::others::{self, Others};
use super::past;
use super::shell::Shell;
use super::syncing::Saves;
use super::worker::Job;
use crate::app::action::Action;
use crate::app::ask::Ask;
use crate::app::beside::Wish;
use crate::app::effect::{Effect, Notice, Tone};
use crate::app::log::About;
use crate::app::model::Model;
use crate::app::pane::PaneId;
use crate::base::error::{Failure, Outcome};
use crate::chart::glyph;
use crate::domain::change::RecordKey;
use crate::domain::frequency::Frequency;
use crate::domain::measure::Measure;
use crate::domain::point::PointKey;
use crate::domain::template::Template;
use crate::domain::{MeasureId, TeamId};
use crate::spc::ChartType;
use crate::store::{Conflict, Found, Preview, Receipt, Seen, Store};

/// Something that only the loop can do, because it has the terminal.
pub(crate) enum Beyond {
    /// Leave.
    Quit,
    /// Draw everything anew.
    Redraw,
    /// Copy text to the person's clipboard.
    Copy(String),
    /// Lend the terminal to the editor.
    Edit {
        /// What stands in the text now.
        text: String,
        /// What the text that comes back leads to.
        then: crate::app::ask::Then,
    },
}

/// Carries effects out.
pub(crate) struct Runner {
    reader: Store,
    jobs: Sender<Job>,
    templates: Vec<Template>,
    /// Tells a sync that a save waits.
    saves: Arc<Saves>,
    others: Others,
    /// The conflicts as they were last read: what is settled is one of these.
    conflicts: Vec<Conflict>,
    /// Where the text stands that somebody has asked to have blanked.
    found: Vec<Found>,
    /// What is being written, in the order in which the worker answers.
    pending: VecDeque<Pending>,
    /// The chart that is wanted; read once when the queue is drained.
    wanted: Option<(MeasureId, Option<ChartType>)>,
    /// What is wanted beside the chart; read once when the queue is drained.
    beside: Option<Wish>,
    /// The turn of the model in which that was read, and whether the open chart was read since.
    beside_turn: u64,
    reread: bool,
    stale: Stale,
    /// Whether the worker's door leads to another file than the reader's.
    alone: bool,
    /// What undoing an action would do, while somebody is asked about it.
    foretold: Option<Box<Preview>>,
    /// This run of the program: what it wrote is no news.
    session: i64,
}

/// An action that is being written.
struct Pending {
    /// Whether the topmost question waits for it.
    asked: bool,
    /// How the answer starts: "Saved", "Undone".
    verb: &'static str,
}

/// So long tiles are read before a picture is drawn; the worker reads the others. Nobody sees less.
const READING_AT_MOST: Duration = Duration::from_millis(4);

impl Runner {
    /// A runner that reads from `reader` and has the worker write.
    pub(crate) fn new(
        reader: Store,
        jobs: Sender<Job>,
        templates: Vec<Template>,
        saves: Arc<Saves>,
        others: Others,
    ) -> Self {
        Self {
            reader,
            jobs,
            templates,
            saves,
            others,
            conflicts: Vec::new(),
            found: Vec::new(),
            pending: VecDeque::new(),
            wanted: None,
            beside: None,
            beside_turn: 0,
            reread: false,
            stale: Stale::default(),
            alone: false,
            foretold: None,
            session: 0,
        }
    }

    /// The runner of the run of the program whose edits carry this number.
    pub(crate) fn of(self, session: i64) -> Self {
        Self { session, ..self }
    }

    /// Reads what the first picture shows, and asks the worker for the rest.
    pub(crate) fn open(&mut self, model: &mut Model) -> Outcome<()> {
        load::team(&self.reader, model)?;
        others::stand(&self.reader, model)?;
        let all = model.measures.clone();
        self.read_tiles(all, model)
    }

    /// Carries out one effect; what needs the terminal is handed back.
    pub(crate) fn run(&mut self, effect: Effect, shell: &mut Shell, model: &mut Model) -> Option<Beyond> {
        match effect {
            Effect::Commit { words, edits } => self.write(Job::Commit { words, edits }, shell, model),
            Effect::Undo => self.write(Job::Undo, shell, model),
            Effect::Redo => self.write(Job::Redo, shell, model),
            Effect::MakeTeam { name, template } => self.make_team(&name, &template, shell, model),
            Effect::Show(pane) => return self.show(pane, shell, model),
            Effect::ShowChart(measure) => {
                self.wanted = Some((measure, None));
                return self.show(PaneId::Charts, shell, model);
            }
            Effect::LoadChart(measure, chosen) => self.wanted = Some((measure, chosen)),
            Effect::LoadBeside(wish) => self.want_beside(wish, model),
            Effect::NextDrawing => shell.next_drawing(model),
            Effect::ShowDay(day) => {
                model.process_day = day.unwrap_or_else(|| model.shift_day());
                self.stale.processes = true;
            }
            Effect::ReadCross(measure, first) => match load::cross(&self.reader, model, measure, first) {
                Ok(month) => model.cross = month,
                Err(failure) => say_wrong(model, &failure),
            },
            Effect::ShowPast(process) => match past::read(&self.reader, model, process) {
                Ok(reading) => reading.into_iter().for_each(|reading| shell.ask(Ask::Read(reading), model)),
                Err(failure) => say_wrong(model, &failure),
            },
            Effect::ShowReasons => {
                let beyond = self.show(PaneId::Charts, shell, model);
                let effects = shell.act(Action::Reasons, model);
                return self.run_all(effects, shell, model).or(beyond);
            }
            Effect::Peek(key) => self.peek(key, model),
            Effect::ShowHistory(kind, record, title) => {
                shell.ask(Ask::Log(Some(About { kind, record, title })), model);
            }
            Effect::SwitchTeam(team) => self.switch_team(team, model),
            Effect::Sync => {
                let effects = self.others.sync(self.reader.path(), model);
                return self.run_all(effects, shell, model);
            }
            Effect::SyncWith { folder, make } => self.others.sync_with(folder, make, model),
            Effect::TakeIn(teams) => self.others.take_in(self.reader.path(), teams, None, model),
            Effect::Unite { from, into } => {
                self.others.take_in(self.reader.path(), vec![from], Some((from, into)), model);
            }
            Effect::LeaveOut(teams) => self.leave_out(&teams, model),
            Effect::FindText(text) => self.send(Job::FindText(text)),
            Effect::Blank => self.blank(shell, model),
            Effect::ReadClashes => self.send(Job::Clashes(model.turn)),
            Effect::Settle { clash, keep } => self.settle_clash(&clash, keep, shell, model),
            Effect::ReadLog(ask) => self.send(Job::Log(ask)),
            Effect::ReadAction(code) => {
                self.send(Job::Action { code, turn: model.turn, zone: model.zone() });
            }
            Effect::Foretell(code) => self.send(Job::Foretell { code, zone: model.zone() }),
            Effect::TakeBack => self.take_back(shell, model),
            Effect::Ask(ask) => shell.ask(ask, model),
            Effect::Close => shell.close(),
            Effect::Filter(words) => shell.filter(&words),
            Effect::Say(notice) => model.notice = Some(notice),
            Effect::Copy(text) => return Some(Beyond::Copy(text)),
            Effect::EditText { text, then } => return Some(Beyond::Edit { text, then }),
            Effect::Redraw => return Some(Beyond::Redraw),
            Effect::Quit => return Some(Beyond::Quit),
        }
        None
    }

    /// Reads what stands at a place. Another event of the same day has the next place of its own.
    fn peek(&self, mut key: PointKey, model: &mut Model) {
        let events = model.measure(key.measure).is_some_and(|measure| measure.frequency == Frequency::Event);
        loop {
            match self.reader.point(&key) {
                Ok(Some(_)) if events => key.ordinal += 1,
                Ok(point) => {
                    model.peek = Some((key, point));
                    return;
                }
                Err(failure) => return say_wrong(model, &failure),
            }
        }
    }

    fn show(&mut self, pane: PaneId, shell: &mut Shell, model: &mut Model) -> Option<Beyond> {
        let effects = shell.show(pane, model);
        self.run_all(effects, shell, model)
    }

    fn run_all(&mut self, effects: Vec<Effect>, shell: &mut Shell, model: &mut Model) -> Option<Beyond> {
        effects.into_iter().filter_map(|effect| self.run(effect, shell, model)).last()
    }

    fn write(&mut self, job: Job, shell: &Shell, model: &mut Model) {
        self.saves.begin();
        let verb = match job {
            Job::Undo | Job::TakeBack { .. } => "Undone",
            Job::Redo => "Done again",
            _ => "Saved",
        };
        self.pending.push_back(Pending { asked: shell.is_asking(), verb });
        model.saving += 1;
        self.send(job);
    }

    fn send(&self, job: Job) {
        // The worker ends only after the loop: a failed send means the program is already ending.
        let _ = self.jobs.send(job);
    }

    fn make_team(&mut self, name: &str, code: &str, shell: &Shell, model: &mut Model) {
        let Some(template) = self.templates.iter().find(|template| template.code == code) else {
            say_wrong(model, &Failure::not_found(format!("There is no template “{code}”.")));
            return;
        };
        let zone = crate::base::zone::Zone::of_this_machine();
        match template.make_team(name, "", zone, zone.day(model.now)) {
            Ok((team, edits)) => {
                model.team.id = team.id;
                self.write(Job::Commit { words: format!("{name} made"), edits }, shell, model);
            }
            Err(failure) => say_wrong(model, &failure),
        }
    }

    fn switch_team(&mut self, team: TeamId, model: &mut Model) {
        if team != model.team.id {
            model.team.id = team;
            model.tiles.clear();
            (model.chart, model.beside) = (None, None);
            (self.wanted, self.beside) = (None, None);
            self.stale.everything = true;
        }
    }

    /// An action was written, or was refused: says so, and reads again what it changed.
    pub(crate) fn written(&mut self, outcome: Outcome<Receipt>, shell: &mut Shell, model: &mut Model) -> Vec<Effect> {
        model.saving = model.saving.saturating_sub(1);
        let Pending { asked, verb } = self.pending.pop_front().unwrap_or(Pending { asked: false, verb: "Saved" });
        match outcome {
            Ok(receipt) => {
                self.look(model);
                self.settle(model);
                model.peek = None;
                model.notice = Some(feedback(verb, &receipt, model));
                if asked { shell.written(None, model) } else { Vec::new() }
            }
            Err(failure) => {
                self.look(model);
                let effects = if asked { shell.written(Some(&failure.to_string()), model) } else { Vec::new() };
                if !shell.is_asking() {
                    say_wrong(model, &failure);
                }
                effects
            }
        }
    }

    /// Looks at the file for what other writers, the worker among them, have changed.
    /// Returns whether anything on the screen is stale.
    pub(crate) fn look(&mut self, model: &mut Model) -> bool {
        let was_away = model.unread_since.is_some();
        match self.reader.look() {
            Ok(seen) => {
                model.unread_since = None;
                if was_away {
                    model.notice = None;
                }
                if seen != Seen::Nothing {
                    model.turn += 1;
                    self.stand(model);
                }
                let stale = Stale::of(&seen, model);
                self.merge(stale);
                news::tell(&self.reader, seen, self.session, model);
            }
            Err(failure) => {
                let known = model.notice.as_ref().is_some_and(|notice| notice.words == failure.to_string());
                say_wrong(model, &failure);
                model.unread_since.get_or_insert(model.now);
                return !was_away || !known;
            }
        }
        was_away || !self.stale.is_empty()
    }

    /// For a screen that nobody stands at: where the file cannot be read, tries whatever stands in its place
    /// now. Whether that can be read, and everything was put right.
    pub(crate) fn come_back(&mut self, model: &mut Model) -> bool {
        if model.unread_since.is_none() {
            return false;
        }
        let Ok(reader) = self.reader.reader_anew() else { return false };
        // The worker's door still leads to the file that was there: what is read from now on is read here.
        (self.reader, self.alone) = (reader, true);
        (model.unread_since, model.notice) = (None, None);
        model.tiles.clear();
        self.stale.everything = true;
        true
    }

    fn merge(&mut self, stale: Stale) {
        self.stale.everything |= stale.everything;
        self.stale.measures |= stale.measures;
        self.stale.processes |= stale.processes;
        self.stale.cycles |= stale.cycles;
        self.stale.huddles |= stale.huddles;
        self.stale.charts.extend(stale.charts);
    }

    /// The minute turned: shifts close, paces move, and at midnight everything ages.
    pub(crate) fn minute(&mut self, before: DateTime<Utc>, model: &mut Model) {
        // Another program may have brought the file into step.
        self.stand(model);
        let zone = model.zone();
        model.news.fade(model.now);
        let day_turned = zone.day(before) != model.today();
        let shift_before = model.team.calendar().at(before);
        let shift_now = model.team.calendar().at(model.now);
        if shift_before != shift_now {
            let followed = model.process_day == shift_before.day;
            if followed {
                model.process_day = shift_now.day;
            }
            self.stale.processes = true;
            self.stale
                .charts
                .extend(model.measures.iter().filter(|measure| measure.source.is_some()).map(|measure| measure.id));
        }
        if day_turned {
            self.stale.charts.extend(model.measures.iter().map(|measure| measure.id));
        }
        load::pace(model);
    }

    /// Reads what is wanted or stale, each thing once. Call it when the queue is drained.
    pub(crate) fn settle(&mut self, model: &mut Model) {
        if let Err(failure) = self.read(model) {
            say_wrong(model, &failure);
        }
    }

    fn read(&mut self, model: &mut Model) -> Outcome<()> {
        let stale = std::mem::take(&mut self.stale);
        if stale.everything {
            load::team(&self.reader, model)?;
        }
        if stale.measures && !stale.everything {
            load::measures(&self.reader, model)?;
        }
        if stale.processes && !stale.everything {
            load::processes(&self.reader, model)?;
        }
        if stale.huddles && !stale.everything {
            load::huddles(&self.reader, model)?;
        }
        if stale.cycles && !stale.everything {
            load::cycles(&self.reader, model)?;
        }
        let mut charts = stale.charts;
        if stale.processes {
            charts.extend(load::fed_by_closed(model));
        }
        if stale.everything {
            charts.extend(model.measures.iter().map(|measure| measure.id));
        }
        if !charts.is_empty() {
            let measures = model.measures.iter().filter(|measure| charts.contains(&measure.id)).cloned().collect();
            self.read_tiles(measures, model)?;
        }
        self.read_chart(&charts, model)?;
        self.read_beside(&charts, model)
    }

    /// Reads these measures' tiles: what the time allows on the spot, the rest by the worker.
    fn read_tiles(&self, mut measures: Vec<Measure>, model: &mut Model) -> Outcome<()> {
        let (today, now, start) = (model.today(), model.now, Instant::now());
        // The rows of the board from the top: what is in view comes first.
        let mut depth: HashMap<&str, usize> = HashMap::new();
        let mut rows: HashMap<MeasureId, usize> = HashMap::new();
        for measure in &model.measures {
            let row = depth.entry(measure.column.as_str()).or_default();
            rows.insert(measure.id, *row);
            *row += 1;
        }
        measures.sort_by_key(|measure| rows.get(&measure.id).copied().unwrap_or(usize::MAX));
        let mut waiting = measures.into_iter();
        while (self.alone || start.elapsed() < READING_AT_MOST)
            && let Some(measure) = waiting.next()
        {
            let tile = load::tile(&self.reader, &measure, today, now)?;
            model.tiles.insert(measure.id, tile);
        }
        let rest: Vec<Measure> = waiting.collect();
        if !rest.is_empty() {
            self.send(Job::Tiles { measures: rest, today, now });
        }
        Ok(())
    }

    fn read_chart(&mut self, stale: &std::collections::HashSet<MeasureId>, model: &mut Model) -> Outcome<()> {
        let open = model.chart.as_ref().map(|open| (open.measure, open.chosen));
        let again = open.filter(|(measure, _)| stale.contains(measure));
        if let Some((measure, chosen)) = self.wanted.take().or(again) {
            model.chart = load::open_chart(&self.reader, model, measure, chosen)?;
            self.reread = true;
        }
        Ok(())
    }
}

/// Says what went wrong.
pub(crate) fn say_wrong(model: &mut Model, failure: &Failure) {
    model.notice = Some(Notice { words: failure.to_string(), tone: Tone::Wrong });
}

/// What a written action gives back: that it is saved, and what the chart says now.
fn feedback(verb: &str, receipt: &Receipt, model: &Model) -> Notice {
    if receipt.changes == 0 {
        return Notice { words: format!("{}: it was already so.", receipt.words), tone: Tone::Hint };
    }
    let mut words = format!("{verb}: {}", receipt.words);
    if verb == "Saved" && receipt.words.to_lowercase().contains("deleted") {
        words.push_str("  ·  u brings it back");
    }
    let point = match &receipt.touched[..] {
        [touched] => match &touched.record {
            RecordKey::Point(key) => Some(key),
            RecordKey::Id(_) => None,
        },
        _ => None,
    };
    if let Some(tile) = point.and_then(|key| model.tiles.get(&key.measure)) {
        let sign = if tile.early { "" } else { glyph(tile.verdict, false) };
        words.push_str(&format!("  ·  {sign} {}", tile.words));
    }
    match receipt.warnings.first() {
        Some(concern) => {
            // An undo would leave it in the log.
            let words = format!("{} If it is, blank it for good: Ctrl-x.  ·  {words}", concern.words());
            Notice { words, tone: Tone::Hint }
        }
        None => Notice { words, tone: Tone::Done },
    }
}
