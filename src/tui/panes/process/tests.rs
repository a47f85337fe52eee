use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sample::{busy_ward, empty_ward, fill, instant};
use super::*;
use crate::app::ask::{Form, Living, Then};
use crate::app::effect::Tone;
use crate::base::error::Outcome;
use crate::domain::change::Expect;
use crate::domain::process::{Period, Plan};
use crate::domain::record::{FieldValue, Json, Value};

fn pane(model: &Model) -> ProcessPane {
    let mut pane = ProcessPane::default();
    pane.refresh(model);
    pane
}

fn effects(answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Consumed(effects) => effects,
        Answer::Ignored => panic!("the pane did not take it"),
    }
}

fn commit(effects: Vec<Effect>) -> (String, Vec<Edit>) {
    match effects.into_iter().next() {
        Some(Effect::Commit { words, edits }) => (words, edits),
        _ => panic!("nothing is written"),
    }
}

fn hint(effects: Vec<Effect>) -> String {
    match effects.into_iter().next() {
        Some(Effect::Say(notice)) if notice.tone == Tone::Hint => notice.words,
        _ => panic!("nothing is said"),
    }
}

fn asked(pane: &mut ProcessPane, action: Action, model: &Model) -> Ask {
    match effects(pane.update(action, model)).into_iter().next() {
        Some(Effect::Ask(ask)) => ask,
        _ => panic!("nothing is asked"),
    }
}

fn form(ask: Ask) -> Form {
    if let Ask::Form(form) | Ask::Living(Living { form, .. }) = ask { form } else { panic!("not a form") }
}

fn answer(then: &Then, answers: &[&str], model: &Model) -> Outcome<Vec<Effect>> {
    then(&answers.iter().map(|answer| (*answer).to_owned()).collect::<Vec<_>>(), model)
}

fn field(edit: &Edit, name: &str) -> Option<Value> {
    edit.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.clone())
}

fn down(pane: &mut ProcessPane, model: &Model, times: usize) {
    for _ in 0..times {
        pane.update(Action::Down, model);
    }
}

#[test]
fn one_done_is_an_event_of_its_own_in_the_open_period() {
    let model = busy_ward();
    let (words, edits) = commit(effects(pane(&model).update(Action::OneDone, &model)));
    assert_eq!(words, "Observations, 4-hourly: one more done, 10 of 24");
    assert_eq!((edits.len(), edits[0].kind, edits[0].creates), (1, Kind::Completion, true));
    assert_eq!(field(&edits[0], "amount"), Some(Value::Int(1)));
    assert_eq!(field(&edits[0], "start"), Some(Value::Text("2026-11-20T07:00".into())));
}

#[test]
fn fast_ticks_are_counted_before_the_model_knows_of_them() {
    let mut model = busy_ward();
    let mut pane = pane(&model);
    for (saving, expected) in [(0, "10 of 24"), (1, "11 of 24"), (2, "12 of 24")] {
        model.saving = saving;
        let (words, _) = commit(effects(pane.update(Action::OneDone, &model)));
        assert!(words.ends_with(expected), "{words}");
    }
    // All but the last were written and read again.
    model.saving = 1;
    model.rows[0].standing.completed = 11;
    let (words, _) = commit(effects(pane.update(Action::OneDone, &model)));
    assert!(words.ends_with("13 of 24"), "{words}");
}

#[test]
fn nothing_is_taken_back_below_nought() {
    let mut model = busy_ward();
    let mut pane = pane(&model);
    down(&mut pane, &model, 2);
    assert!(hint(effects(pane.update(Action::TakeBack, &model))).contains("none is done"));
    pane.update(Action::OneDone, &model);
    model.saving = 1;
    let (words, edits) = commit(effects(pane.update(Action::TakeBack, &model)));
    assert_eq!(words, "Discharges before noon: one taken back, 0 of 6");
    assert_eq!(field(&edits[0], "amount"), Some(Value::Int(-1)));
}

#[test]
fn setting_the_count_records_the_difference_from_what_was_seen() {
    let mut model = busy_ward();
    let form = form(asked(&mut pane(&model), Action::SetCount, &model));
    assert_eq!(form.fields[0].value, "9");
    // Somebody else ticks while the form is open: theirs stays.
    model.rows[0].standing.completed = 11;
    let (words, edits) = commit(answer(&form.then, &["12"], &model).unwrap());
    assert_eq!(words, "Observations, 4-hourly: set to 12 of 24");
    assert_eq!(field(&edits[0], "amount"), Some(Value::Int(3)));
    for wrong in ["-1", "many", "2.5", "", "9999999999"] {
        assert_eq!(answer(&form.then, &[wrong], &model).err().unwrap().place.as_deref(), Some("text"), "{wrong}");
    }
    hint(answer(&form.then, &["9"], &model).unwrap());
}

#[test]
fn what_is_required_is_decided_for_one_period_and_the_plan_stays() {
    let mut model = busy_ward();
    let form = form(asked(&mut pane(&model), Action::SetRequired, &model));
    let (words, edits) = commit(answer(&form.then, &["20"], &model).unwrap());
    assert_eq!(words, "Observations, 4-hourly: 20 required instead of 24");
    assert_eq!((edits[0].kind, edits[0].creates, edits[0].expect), (Kind::Period, true, Expect::Absent));
    assert_eq!(field(&edits[0], "required"), Some(Value::Int(20)));
    model.rows[0].period.revision = 3;
    model.rows[0].period.required = Some(20);
    let form = self::form(asked(&mut pane(&model), Action::SetRequired, &model));
    let (words, edits) = commit(answer(&form.then, &[""], &model).unwrap());
    assert!(words.ends_with("24 required, as planned"));
    assert_eq!((edits[0].creates, edits[0].expect), (false, Expect::Revision(3)));
    assert_eq!(edits[0].fields, [("required", Value::Null)]);
}

#[test]
fn a_reason_comes_from_the_wards_own_list_or_is_typed() {
    let model = busy_ward();
    let mut pane = pane(&model);
    down(&mut pane, &model, 2);
    let Ask::Choose(choose) = asked(&mut pane, Action::Reason, &model) else { panic!("not a list") };
    assert!(choose.free);
    assert_eq!(choose.options[choose.marked].0, "transport", "the reason that was given is marked");
    let (words, edits) = commit(answer(&choose.then, &["lift broken"], &model).unwrap());
    assert_eq!(words, "Discharges before noon: lift broken");
    assert_eq!(field(&edits[0], "reason"), Some(Value::Text("lift broken".into())));
    let (_, edits) = commit(answer(&choose.then, &[""], &model).unwrap());
    assert_eq!(field(&edits[0], "reason"), Some(Value::Null));
    let form = form(asked(&mut pane, Action::Countermeasure, &model));
    let (_, edits) = commit(answer(&form.then, &["second porter"], &model).unwrap());
    assert_eq!(field(&edits[0], "countermeasure"), Some(Value::Text("second porter".into())));
}

#[test]
fn a_new_process_comes_with_its_plan_and_its_measure() {
    let model = busy_ward();
    let form = form(asked(&mut pane(&model), Action::New, &model));
    let required = "Early: 8\nLate 6 6 6 6 6 4 4\nNight:\nWhole day:";
    let (_, edits) = commit(
        answer(&form.then, &["Falls checks", required, "shift", "", "work", "", "12:00", "nurse", "new"], &model)
            .unwrap(),
    );
    assert_eq!(edits.iter().map(|edit| edit.kind).collect::<Vec<_>>(), [Kind::Process, Kind::Measure]);
    let plans = Json::<Vec<Plan>>::from_value(&field(&edits[0], "schedule").unwrap()).unwrap().0;
    assert_eq!(plans[0].from, model.process_day);
    assert_eq!(plans[0].required["Early"], [8; 7]);
    assert_eq!(plans[0].required["Late"], [6, 6, 6, 6, 6, 4, 4]);
    assert_eq!(plans[0].required.len(), 2);
    assert_eq!(field(&edits[1], "name"), Some(Value::Text("Falls checks".into())));
    assert_eq!(field(&edits[1], "kind"), Some(Value::Text("proportion".into())));
    assert_eq!(field(&edits[1], "better"), Some(Value::Text("up".into())));
    let RecordKey::Id(process) = edits[0].record else { panic!("no id") };
    assert_eq!(field(&edits[1], "source"), Some(Value::Text(process.to_string())));
    for (answers, place) in [
        (["", required, "", ""], "name"),
        (["X", "", "", ""], "schedule"),
        (["X", "Twilight: 4", "", ""], "schedule"),
        (["X", "Early: 1 2 3", "", ""], "schedule"),
        (["X", "Early: lots", "", ""], "schedule"),
        (["X", required, "Early 0 0", ""], "shares"),
        (["X", required, "", "noon"], "until"),
    ] {
        let [name, required, shares, until] = answers;
        let answers = [name, required, "", shares, "", "", until, "", ""];
        assert_eq!(answer(&form.then, &answers, &model).err().unwrap().place.as_deref(), Some(place), "{answers:?}");
    }
}

#[test]
fn another_plan_holds_from_today_and_the_past_stays_as_it_was() {
    let model = busy_ward();
    let form = form(asked(&mut pane(&model), Action::Edit, &model));
    let mut answers: Vec<String> = form.fields.iter().map(|field| field.value.clone()).collect();
    assert_eq!(answers[1], "Early: 24\nLate: 20\nNight: 16\nWhole day:");
    hint((form.then)(&answers, &model).unwrap());
    answers[1] = answers[1].replace("24", "28");
    let (_, edits) = commit((form.then)(&answers, &model).unwrap());
    assert_eq!((edits.len(), edits[0].expect), (1, Expect::Revision(1)));
    assert_eq!(edits[0].fields.len(), 1);
    let plans = Json::<Vec<Plan>>::from_value(&edits[0].fields[0].1).unwrap().0;
    assert_eq!((plans[0].required["Early"], plans[1].required["Early"]), ([24; 7], [28; 7]));
    assert_eq!(plans[1].from, model.process_day);
}

#[test]
fn bank_holidays_hours_and_what_is_carried_over_are_typed_in_the_form_and_read_back() {
    let mut model = busy_ward();
    let form = form(asked(&mut pane(&model), Action::New, &model));
    let required = "Early: 8 8 8 8 8 4 4 2";
    let answers = ["Teas", required, "hours", "Early 0 3 1", "demand", "carried", "", "", ""];
    let (_, edits) = commit(answer(&form.then, &answers, &model).unwrap());
    let [layout, flow, carry] = ["layout", "flow", "carry"].map(|name| field(&edits[0], name).unwrap());
    assert_eq!((layout, flow), (Value::Text("hours".into()), Value::Text("demand".into())));
    assert_eq!(carry, Value::Int(1));
    let plans = Json::<Vec<Plan>>::from_value(&field(&edits[0], "schedule").unwrap()).unwrap().0;
    assert_eq!((plans[0].holidays["Early"], &plans[0].shares["Early"][..]), (2, &[0, 3, 1][..]));
    model.processes[0].schedule = Json(plans);
    let form = self::form(asked(&mut pane(&model), Action::Edit, &model));
    assert!(form.fields[1].value.starts_with(required), "{}", form.fields[1].value);
    assert_eq!(form.fields[3].value, "Early 0 3 1");
}

/// Ward 7A with its comfort rounds hour by hour, the cursor on them.
fn by_the_hour() -> (Model, ProcessPane) {
    let mut model = busy_ward();
    model.processes[4].layout = crate::domain::process::Layout::Hours;
    fill(&mut model, "2026-11-20", &[9, 24, 0, 3, 18, 1, 2]);
    let mut pane = pane(&model);
    down(&mut pane, &model, 4);
    (model, pane)
}

#[test]
fn a_tick_on_a_line_of_hours_counts_in_the_open_hour_or_in_the_one_that_was_gone_to() {
    let (model, mut pane) = by_the_hour();
    let start = |edits: &[Edit]| field(&edits[0], "start");
    let (_, edits) = commit(effects(pane.update(Action::OneDone, &model)));
    assert_eq!(start(&edits), Some(Value::Text("2026-11-20T08:00".into())));
    pane.update(Action::Left, &model);
    let (words, edits) = commit(effects(pane.update(Action::OneDone, &model)));
    assert_eq!(start(&edits), Some(Value::Text("2026-11-20T07:00".into())));
    assert!(words.contains("Early 07:00"), "{words}");
    pane.update(Action::Right, &model);
    pane.update(Action::Right, &model);
    assert!(hint(effects(pane.update(Action::OneDone, &model))).contains("Early 09:00 starts at 09:00"));
}

#[test]
fn a_line_of_hours_shows_each_hour_with_what_is_not_done() {
    let (model, pane) = by_the_hour();
    for (width, height) in [(80, 21), (120, 37), (200, 57)] {
        let shown = text(&pane, &model, width, height);
        assert!(shown.contains("-6"), "the hour that is over\n{shown}");
        assert!(shown.contains("36 / 192"), "all of the shift\n{shown}");
    }
}

#[test]
fn more_demand_than_can_be_done_is_said_in_words() {
    use crate::domain::process::Flow;
    let mut model = busy_ward();
    (model.processes[3].flow, model.processes[6].flow) = (Flow::Demand, Flow::Capacity);
    model.processes.swap(4, 6);
    fill(&mut model, "2026-11-20", &[9, 24, 0, 11, 2, 1, 36]);
    let shown = text(&pane(&model), &model, 120, 37);
    assert!(shown.contains("SHORT by 4: can do 7"), "{shown}");
    assert!(shown.contains("1 short"), "{shown}");
}

#[test]
fn another_link_lets_the_measure_before_go() {
    let model = busy_ward();
    let mut pane = pane(&model);
    down(&mut pane, &model, 2);
    let form = form(asked(&mut pane, Action::Edit, &model));
    let mut answers: Vec<String> = form.fields.iter().map(|field| field.value.clone()).collect();
    assert_eq!(answers[8], model.measures[0].id.to_string());
    answers[8] = model.measures[1].id.to_string();
    let (_, edits) = commit((form.then)(&answers, &model).unwrap());
    let sources: Vec<_> = edits.iter().filter_map(|edit| field(edit, "source")).collect();
    assert_eq!(sources, [Value::Null, Value::Text(model.processes[2].id.to_string())]);
}

#[test]
fn opening_a_process_shows_its_chart_and_deleting_it_can_be_undone() {
    let model = busy_ward();
    let mut pane = pane(&model);
    hint(effects(pane.update(Action::Open, &model)));
    down(&mut pane, &model, 2);
    let opened = effects(pane.update(Action::Open, &model));
    assert!(matches!(opened[..], [Effect::ShowChart(id)] if id == model.measures[0].id));
    let (words, edits) = commit(effects(pane.update(Action::Delete, &model)));
    assert!(words.starts_with("Deleted"));
    assert_eq!(edits[0].fields, [("deleted", Value::Int(1))]);
}

#[test]
fn other_days_are_shown_and_said_to_be_other_days() {
    let mut model = busy_ward();
    let mut pane = pane(&model);
    let earlier = effects(pane.update(Action::EarlierPeriod, &model));
    assert!(matches!(earlier[..], [Effect::ShowDay(Some(day))] if day.to_string() == "2026-11-19"));
    assert!(matches!(pane.update(Action::Back, &model), Answer::Ignored));
    fill(&mut model, "2026-11-19", &[20, 24, 4, 5, 180, 2, 7]);
    pane.refresh(&model);
    assert!(text(&pane, &model, 80, 21).contains("NOT TODAY · yesterday"));
    let later = effects(pane.update(Action::LaterPeriod, &model));
    assert!(matches!(later[..], [Effect::ShowDay(None)]));
    let back = effects(pane.update(Action::Back, &model));
    assert!(matches!(back[..], [Effect::ShowDay(None)]));
}

#[test]
fn the_cursor_goes_along_when_the_shift_changes() {
    let mut model = busy_ward();
    let mut pane = pane(&model);
    assert_eq!(pane.selected, Some((model.processes[0].id, Some(model.rows[0].span.start))));
    model.now = instant("2026-11-20 15:01");
    fill(&mut model, "2026-11-20", &[24, 24, 4, 5, 180, 2, 7]);
    pane.refresh(&model);
    let (words, edits) = commit(effects(pane.update(Action::OneDone, &model)));
    assert!(words.contains("of 20"), "{words}");
    assert_eq!(field(&edits[0], "start"), Some(Value::Text("2026-11-20T15:00".into())));
    // A closed period that was chosen stays chosen: late ticks belong to it.
    let closed = model.rows.iter().position(|row| row.phase == RowPhase::Closed).unwrap();
    let key = (model.rows[closed].process, Some(model.rows[closed].span.start));
    while pane.selected != Some(key) {
        pane.update(Action::Down, &model);
    }
    pane.refresh(&model);
    assert_eq!(pane.selected, Some(key));
    let (words, _) = commit(effects(pane.update(Action::OneDone, &model)));
    assert!(words.contains("(Early 20 Nov)"), "{words}");
}

fn draw(pane: &ProcessPane, model: &Model, look: &Look, width: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    pane.view(model, look, area, &mut buf);
    buf
}

fn text(pane: &ProcessPane, model: &Model, width: u16, height: u16) -> String {
    lines(&draw(pane, model, &Look::dark(), width, height))
}

fn lines(buf: &Buffer) -> String {
    let line = |y| (0..buf.area.width).map(|x| buf[(x, y)].symbol().to_owned()).collect::<String>();
    (0..buf.area.height).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_behind_says_so_by_sign_and_word_at_every_size_of_a_screen() {
    let model = busy_ward();
    let pane = pane(&model);
    for (width, height) in [(80, 21), (120, 35), (200, 55)] {
        let text = text(&pane, &model, width, height);
        assert!(text.contains("▲ 1 behind"), "{text}");
        assert!(text.contains("▲ BEHIND by 2"), "{text}");
        assert!(text.contains("transport"), "{text}");
        assert!(text.contains("Bed space cleans"), "all seven open rows are in view: {text}");
    }
    assert!(text(&pane, &model, 120, 35).contains("5 by now"));
}

#[test]
fn the_selected_row_is_in_view_wherever_it_is() {
    let model = busy_ward();
    let mut pane = pane(&model);
    for _ in 0..30 {
        let items = board::items(&model);
        let (process, _) = pane.selected(&items).unwrap();
        // In ASCII the cursor and the edge of what is behind are different signs.
        let text = lines(&draw(&pane, &model, &Look::dark().in_ascii(), 80, 14));
        let marked = text.lines().find(|line| line.starts_with('>')).unwrap_or_else(|| panic!("no cursor: {text}"));
        assert!(marked.contains(&process.name[..10]), "{marked}");
        pane.update(Action::Down, &model);
    }
}

#[test]
fn nothing_is_drawn_outside_any_area_and_ascii_stays_ascii() {
    let mut rich = busy_ward();
    rich.processes[1].name = "病棟の観察ラウンド 病棟の観察ラウンド".to_owned();
    rich.rows[0].period = Period { required: Some(0), ..rich.rows[0].period.clone() };
    let ascii = Look::dark().in_ascii();
    for model in [&busy_ward(), &rich, &empty_ward()] {
        let mut pane = pane(model);
        pane.update(Action::Last, model);
        for width in (0..=130).chain([200, 300]) {
            for height in (0..=45).chain([60, 100]) {
                draw(&pane, model, &Look::dark(), width, height);
            }
        }
        let shifted = Rect::new(3, 5, 90, 30);
        pane.view(model, &Look::mono(), shifted, &mut Buffer::empty(Rect::new(0, 0, 60, 20)));
    }
    let plain = busy_ward();
    let buf = draw(&pane(&plain), &plain, &ascii, 120, 35);
    assert!(buf.content().iter().all(|cell| cell.symbol().is_ascii()));
}

#[test]
fn an_empty_board_says_what_belongs_here_and_the_key_to_press() {
    let model = empty_ward();
    let mut pane = pane(&model);
    let text = text(&pane, &model, 80, 21);
    assert!(text.contains("n  adds the first process"), "{text}");
    assert_eq!(pane.hints(&model), [Action::New]);
    hint(effects(pane.update(Action::OneDone, &model)));
    assert!(matches!(effects(pane.update(Action::New, &model))[..], [Effect::Ask(Ask::Form(_))]));
}
