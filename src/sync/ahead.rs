//! Reading ahead: the next bundle is read and unpacked while the one before is taken in. The two cost about
//! the same, and the smallest machine has two cores.

use std::sync::mpsc;
use std::thread;

/// Has `take` use what `source` gives, which a thread of its own finds out one item ahead.
pub(super) fn ahead<T: Send, R>(
    source: impl Iterator<Item = T> + Send,
    take: impl FnOnce(&mut dyn Iterator<Item = T>) -> R,
) -> R {
    thread::scope(|scope| {
        // Nothing is kept in between, so that there are never more than two large bundles in memory.
        let (sender, receiver) = mpsc::sync_channel(0);
        scope.spawn(move || {
            let mut source = source;
            // Whoever takes them may stop before the end.
            source.try_for_each(|item| sender.send(item))
        });
        take(&mut receiver.into_iter())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_arrives_in_order() {
        assert_eq!(ahead(0..1_000, |items| items.collect::<Vec<_>>()), (0..1_000).collect::<Vec<_>>());
    }

    #[test]
    fn whoever_stops_before_the_end_waits_for_nothing() {
        assert_eq!(ahead(0.., |items| items.take(3).collect::<Vec<_>>()), [0, 1, 2]);
    }
}
