//! The story of each cycle, as data.

use crate::domain::cycle::{Decision, Scale};

/// What a cycle of the story says; its days are counted back from today.
#[derive(Clone, Copy)]
pub(super) struct Told {
    pub(super) ramp: &'static str,
    pub(super) number: i64,
    pub(super) title: &'static str,
    pub(super) change: &'static str,
    pub(super) questions: &'static [(&'static str, &'static str)],
    pub(super) differs: &'static str,
    pub(super) scale: Scale,
    pub(super) who: &'static str,
    pub(super) planned: u64,
    pub(super) started: Option<u64>,
    pub(super) studied: Option<u64>,
    pub(super) acted: Option<u64>,
    pub(super) finished: Option<u64>,
    pub(super) review: Option<i64>,
    pub(super) results: &'static str,
    pub(super) learning: &'static str,
    pub(super) decision: Option<Decision>,
    pub(super) next: &'static str,
    pub(super) seen: &'static [(u64, u32, &'static str)],
}

const TOLD: Told = Told {
    ramp: "",
    number: 1,
    title: "",
    change: "",
    questions: &[],
    differs: "",
    scale: Scale::One,
    who: "",
    planned: 0,
    started: None,
    studied: None,
    acted: None,
    finished: None,
    review: None,
    results: "",
    learning: "",
    decision: None,
    next: "",
    seen: &[],
};

/// The ramp that made the difference: its third cycle began, so many days ago, where the chart changes.
pub(super) fn small_checks(begun: u64) -> [Told; 2] {
    [
        Told {
            ramp: "A",
            title: "one trolley, one shift",
            scale: Scale::Shift,
            who: "bay 2, early shift, one nurse",
            change: "Before the trolley is locked, a second nurse looks through the charts for blanks.",
            questions: &[("Can it be done at the end of a round?", "Yes, in three minutes")],
            planned: begun + 42,
            started: Some(begun + 40),
            studied: Some(begun + 39),
            acted: Some(begun + 38),
            finished: Some(begun + 38),
            results: "Two minutes; three blanks found of 61 doses, two of them given and not signed.",
            learning: "Most blanks are signatures.",
            decision: Some(Decision::Adopt),
            next: "one bay, three shifts",
            ..TOLD
        },
        Told {
            ramp: "A",
            number: 2,
            title: "one bay, three shifts",
            differs: "all three shifts instead of one",
            scale: Scale::Bay,
            who: "bay 2, all nurses for three days",
            change: "The second look at the end of each round, by whoever is nearest.",
            questions: &[("Does it hold on nights?", "On two nights of three")],
            planned: begun + 34,
            started: Some(begun + 31),
            studied: Some(begun + 27),
            acted: Some(begun + 26),
            finished: Some(begun + 25),
            results: "Done in eight of nine shifts. Nights had nobody near: the nurse in charge did it.",
            learning: "It needs a name on the board, not “whoever is nearest”.",
            decision: Some(Decision::Adapt),
            next: "early shift, all bays",
            ..TOLD
        },
    ]
}

/// The same ramp on the whole ward.
pub(super) fn whole_checks(begun: u64) -> [Told; 2] {
    [
        Told {
            ramp: "A",
            number: 3,
            title: "early shift, all bays",
            differs: "a named second nurse, every bay, one shift",
            scale: Scale::Ward,
            who: "early shift, every bay, four weeks",
            change: "The board names the second nurse for each trolley at the huddle.",
            questions: &[
                ("Do omissions fall on the whole ward?", "From 7 % to about 5 %"),
                ("Does the round take longer?", "No more than four minutes"),
            ],
            planned: begun + 3,
            started: Some(begun),
            studied: Some(begun.saturating_sub(26)),
            acted: Some(begun.saturating_sub(27)),
            finished: Some(begun.saturating_sub(28)),
            results: "4.6 % of doses in four weeks; the round took two minutes longer.",
            learning: "The name on the board made it happen.",
            decision: Some(Decision::Adopt),
            next: "all shifts",
            ..TOLD
        },
        Told {
            ramp: "A",
            number: 4,
            title: "second check on all shifts",
            differs: "all shifts instead of the early shift",
            scale: Scale::Ward,
            who: "every shift, every bay, six weeks",
            change: "The named second nurse on every shift, nights and weekends too.",
            questions: &[
                ("Do omissions stay under 5 % when nights do it too?", "4 to 5 %; nights forget on weekends"),
                ("Does the round take longer?", "No more than four minutes"),
            ],
            planned: 41,
            started: Some(39),
            review: Some(2),
            seen: &[
                (39, 7, "started; night sister briefed"),
                (18, 22, "bank staff did not know: card put on the trolley"),
                (4, 8, "new staff shown the check"),
            ],
            ..TOLD
        },
    ]
}

/// A ramp of its own.
pub(super) const TOP_UPS: [Told; 2] = [
    Told {
        ramp: "B",
        title: "telephone the pharmacy at 10:00",
        scale: Scale::Shift,
        who: "nurse in charge, three mornings",
        change: "One call at 10:00 with everything that ran out on the 08:00 round.",
        questions: &[("Does it save calls?", "From nine calls to two"), ("Do doses come in time?", "By noon")],
        planned: 88,
        started: Some(86),
        studied: Some(83),
        acted: Some(82),
        finished: Some(82),
        results: "Nine calls became seven: at 10:00 nobody in the pharmacy can leave the line.",
        learning: "Ten is the pharmacy's busiest hour. What runs out is known the evening before.",
        decision: Some(Decision::Abandon),
        next: "top-up list at the huddle",
        seen: &[(85, 10, "engaged three times, then on hold for eleven minutes")],
        ..TOLD
    },
    Told {
        ramp: "B",
        number: 2,
        title: "top-up list at the huddle",
        differs: "a list the evening before instead of a call",
        scale: Scale::Bay,
        who: "bay 1, late shift writes, pharmacist collects",
        change: "The late shift writes what will run out; the pharmacist takes the list from the huddle.",
        questions: &[("How many doses are missing at 08:00?", "")],
        planned: 12,
        ..TOLD
    },
];

/// A ramp of its own.
pub(super) const TTOS: [Told; 2] = [
    Told {
        ramp: "A",
        title: "two patients",
        who: "one junior doctor, two patients of bay 4",
        scale: Scale::One,
        change: "Medicines to take home are written on the afternoon before.",
        questions: &[("Are they ready by 09:00?", "Both")],
        planned: 52,
        started: Some(50),
        studied: Some(48),
        acted: Some(47),
        finished: Some(47),
        results: "Both ready at 08:30, both home at 10:15 and 11:05.",
        learning: "The pharmacist wants them by 15:00.",
        decision: Some(Decision::Adopt),
        next: "one consultant",
        ..TOLD
    },
    Told {
        ramp: "A",
        number: 2,
        title: "one consultant",
        differs: "all patients of one consultant, by 15:00",
        scale: Scale::Bay,
        who: "consultant of the week, four weeks",
        change: "Every planned discharge of one consultant has its medicines written by 15:00 the day before.",
        questions: &[
            ("How many leave before noon?", "One in three, from one in five"),
            ("Is anybody kept for it?", "Nobody"),
        ],
        planned: 45,
        started: Some(44),
        studied: Some(9),
        review: Some(-3),
        seen: &[
            (30, 15, "two written and then not going home: torn up"),
            (12, 11, "transport now the last thing to wait for"),
        ],
        ..TOLD
    },
];

/// A ramp of its own.
pub(super) const CRITERIA: [Told; 1] = [Told {
    ramp: "B",
    title: "discharge by written criteria",
    scale: Scale::One,
    who: "nurse in charge, weekend, three patients",
    change: "The consultant writes what has to be so on Friday; the nurse lets the patient go when it is.",
    questions: &[("Does anybody leave on Sunday who would not have?", "One of three")],
    planned: 24,
    started: Some(20),
    studied: Some(14),
    acted: Some(2),
    results: "Two of three left on Sunday before noon; the third had a temperature.",
    learning: "The criteria have to fit on three lines.",
    ..TOLD
}];

/// A ramp of its own.
pub(super) const TRAYS: [Told; 2] = [
    Told {
        ramp: "A",
        title: "red trays in bay 2",
        scale: Scale::Bay,
        who: "bay 2, one week, health care support",
        change: "Whoever needs help with eating gets a red tray; the screen is done at that meal.",
        questions: &[("Are screens up to date in bay 2?", "All but one")],
        planned: 48,
        started: Some(46),
        studied: Some(38),
        acted: Some(37),
        finished: Some(36),
        results: "Six of six in date, from three of six.",
        learning: "The kitchen needs the list by 11:00.",
        decision: Some(Decision::Adopt),
        next: "the whole ward",
        ..TOLD
    },
    Told {
        ramp: "A",
        number: 2,
        title: "red trays on the whole ward",
        differs: "five bays; the list goes to the kitchen at 10:30",
        scale: Scale::Ward,
        who: "all bays, four weeks",
        change: "Red trays on the whole ward, with the list from the board round.",
        questions: &[("Does the weekly count reach 95 %?", "In three weeks of four")],
        planned: 15,
        started: Some(12),
        review: Some(16),
        seen: &[(11, 12, "trays came late from the kitchen on the first day")],
        ..TOLD
    },
];

/// A ramp of its own.
pub(super) const NIGHTS: [Told; 1] = [Told {
    ramp: "A",
    title: "lights down at 22:00",
    scale: Scale::Shift,
    who: "one bay, one night",
    change: "Lights down at 22:00 and one round of checks.",
    questions: &[("How many sleep through?", "")],
    planned: 50,
    ..TOLD
}];
