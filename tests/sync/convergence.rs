//! Any history, any order of exchange: all boards say the same, and what an independent fold of their
//! changes says, and so does the rebuild. What this test is worth is tried in `mistakes`.

use proptest::prelude::*;

use crate::history::history;
use crate::telling::tell;
use crate::wards::Wards;

/// How many histories: 24, or as `HUDDLEBOARD_CASES` says.
fn cases() -> u32 {
    std::env::var("HUDDLEBOARD_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(), max_shrink_iters: 1_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn after_everything_was_exchanged_all_boards_say_the_same(history in history()) {
        tell(&history, &mut Wards::new(history.boards)).map_err(TestCaseError::fail)?;
    }
}
