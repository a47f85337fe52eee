//! Actions and escalations from the keyboard: written in a line, done, stuck, answered, a tier up.

use super::{Desk, author, now};
use crate::domain::PromiseId;
use crate::domain::change::Edit;
use crate::domain::frequency::Frequency;
use crate::domain::promise::{Promise, Sort, State, Tier};

fn all(desk: &Desk) -> Vec<Promise> {
    desk.other.records::<Promise>(Some(desk.model.team.id)).unwrap()
}

fn named(desk: &Desk, what: &str) -> Promise {
    all(desk).into_iter().find(|one| one.what == what).unwrap_or_else(|| panic!("no {what:?}"))
}

/// A ward without anything promised, with these added.
fn ward(promises: &[(&str, Sort, &str, i64)]) -> Desk {
    let mut desk = Desk::empty();
    desk.press("\"Ward_9 Enter Enter");
    for (what, sort, by, days) in promises {
        let mut promise = Promise::blank(PromiseId::fresh(), desk.model.team.id);
        promise.what = (*what).into();
        promise.sort = *sort;
        promise.tier = if *sort == Sort::Escalation { Tier::Matron } else { Tier::Team };
        promise.who = "charge nurse".into();
        promise.by = by.parse().ok();
        promise.raised = Some(now() - chrono::TimeDelta::days(*days));
        desk.other.commit(&author("matron", 5), what, [Ok(Edit::create(&promise))]).unwrap();
    }
    desk.runner.look(&mut desk.model);
    desk.refresh();
    desk.press("5");
    desk
}

#[test]
fn an_action_takes_its_words_and_two_keys_and_has_a_role_and_a_day() {
    let mut desk = ward(&[]);
    desk.shows("Nothing is promised");
    let before = desk.model.pressed;
    desk.press("n \"low_beds_from_the_library Enter");
    assert_eq!(desk.model.pressed - before, 2 + 25);
    let action = named(&desk, "low beds from the library");
    assert_eq!(
        (action.sort, action.who.as_str(), action.by),
        (Sort::Action, "nurse in charge", "2026-11-21".parse().ok())
    );
    desk.shows("tomorrow");
    desk.press("n \"socks_@therapy_by_mon Enter");
    let action = named(&desk, "socks");
    assert_eq!((action.who.as_str(), action.by), ("therapy", "2026-11-23".parse().ok()));
}

#[test]
fn an_escalation_takes_its_words_and_four_keys_with_another_tier() {
    let mut desk = ward(&[]);
    let before = desk.model.pressed;
    desk.press("! \"second_nurse_tonight Tab d Enter");
    assert_eq!(desk.model.pressed - before, 4 + 20);
    let asked = named(&desk, "second nurse tonight");
    assert_eq!((asked.sort, asked.tier, asked.state), (Sort::Escalation, Tier::Division, State::Open));
    desk.shows("division");
}

#[test]
fn what_is_late_or_unanswered_says_so_in_words_and_stands_first_of_its_group() {
    let desk = ward(&[
        ("not due yet", Sort::Action, "2026-11-25", 1),
        ("forgotten", Sort::Action, "2026-11-16", 6),
        ("asked long ago", Sort::Escalation, "2026-11-18", 4),
    ]);
    for words in ["▲ 1 late", "1 without an answer", "▲ forgotten", "LATE 4 days", "NO ANSWER, 4 days", "6 days old"]
    {
        desk.shows(words);
    }
    let text = desk.text();
    let at = |words: &str| text.find(words).unwrap();
    assert!(at("asked long ago") < at("forgotten") && at("forgotten") < at("not due yet"), "{text}");
}

#[test]
fn done_is_one_key_and_undo_takes_it_back() {
    let mut desk = ward(&[("socks", Sort::Action, "2026-11-20", 1)]);
    desk.shows("due today");
    desk.press("d");
    assert_eq!(named(&desk, "socks").state, State::Done);
    assert_eq!(named(&desk, "socks").closed, Some(now()));
    desk.shows("DONE LATELY");
    desk.press("u");
    assert_eq!(named(&desk, "socks").state, State::Open);
    desk.press("d d");
    assert_eq!((named(&desk, "socks").state, named(&desk, "socks").closed), (State::Open, None));
}

#[test]
fn what_comes_again_is_made_anew_in_the_same_action_as_it_is_done() {
    let mut desk = ward(&[("mattress audit", Sort::Action, "2026-11-16", 9)]);
    let edit = Edit::of(&named(&desk, "mattress audit")).with("every", &Some(Frequency::Month));
    desk.other.commit(&author("matron", 5), "monthly", [Ok(edit)]).unwrap();
    desk.runner.look(&mut desk.model);
    desk.refresh();
    desk.press("d");
    desk.shows("again by Wed 16 Dec");
    assert_eq!(all(&desk).len(), 2);
    desk.press("u");
    assert_eq!(all(&desk).len(), 1, "one action made both");
}

#[test]
fn stuck_asks_on_what_and_an_answer_closes_an_escalation() {
    let mut desk = ward(&[("bed rails", Sort::Action, "2026-11-18", 3), ("agency cover", Sort::Escalation, "", 3)]);
    desk.press("r \"two_shifts_agreed Enter");
    let asked = named(&desk, "agency cover");
    assert_eq!((asked.state, asked.answered, asked.answer.as_str()), (State::Done, Some(now()), "two shifts agreed"));
    desk.press("Home s \"estates_have_no_date Enter");
    let action = named(&desk, "bed rails");
    assert_eq!((action.state, action.because.as_str()), (State::Stuck, "estates have no date"));
    desk.shows("STUCK, 2 days late");
    desk.press("r");
    desk.shows("Only an escalation waits for an answer.");
}

#[test]
fn an_action_that_is_out_of_reach_goes_up_tier_by_tier_and_no_further_than_the_top() {
    let mut desk = ward(&[("bed rails", Sort::Action, "2026-11-22", 1)]);
    for tier in [Tier::Matron, Tier::Division, Tier::Executive] {
        desk.press(">");
        let asked = named(&desk, "bed rails");
        assert_eq!((asked.sort, asked.tier), (Sort::Escalation, tier));
    }
    desk.press(">");
    desk.shows("Nobody is above the executive.");
}

#[test]
fn a_barrier_is_noted_dropped_with_its_reason_and_deleted() {
    let mut desk = ward(&[]);
    desk.press("b \"no_storage_for_hoists Enter D \"store_moved Enter");
    let barrier = named(&desk, "no storage for hoists");
    assert_eq!((barrier.sort, barrier.state, barrier.because.as_str()), (Sort::Barrier, State::Dropped, "store moved"));
    desk.press("x");
    assert!(all(&desk).is_empty());
}

#[test]
fn sbar_is_written_in_the_form_and_read_below_the_list() {
    let mut desk = ward(&[("agency cover", Sort::Escalation, "2026-11-21", 0)]);
    desk.shows("e writes situation");
    desk.press("e Tab Tab Tab Tab Tab \"two_short_tonight Ctrl-s");
    assert_eq!(named(&desk, "agency cover").situation, "two short tonight");
    desk.shows("two short tonight");
}

#[test]
fn a_filter_and_a_copy_know_what_is_under_the_cursor() {
    let mut desk = ward(&[("bed rails", Sort::Action, "2026-11-22", 1), ("socks", Sort::Action, "2026-11-22", 1)]);
    desk.press("/ \"sock Enter");
    assert!(!desk.text().contains("bed rails"));
    desk.shows("only with “sock”");
}

#[test]
fn an_action_that_somebody_else_changes_is_marked_and_its_open_form_keeps_what_is_typed() {
    let mut desk = Desk::demo();
    desk.press("5");
    let promise = desk.model.promises.iter().find(|promise| promise.is_open()).unwrap().clone();
    desk.press("e \"_today");
    let edit = Edit::of(&promise).with("who", &String::from("pharmacist"));
    let first = desk.other.commit(&author("matron", 5), "who", [Ok(edit)]);
    first.unwrap();
    assert!(desk.runner.look(&mut desk.model));
    desk.refresh();
    let text = desk.text();
    assert!(text.contains("_today") || text.contains(" today"), "{text}");
    desk.press("Esc Esc");
    desk.model.notice = None;
    desk.shows("matron: ");
}
