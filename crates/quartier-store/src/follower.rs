use tokio::{sync::watch, task::JoinHandle};

use crate::Sequence;

/// Knows the newest change; a task tells it of changes that others make, and ends with the store.
#[derive(Debug)]
pub(crate) struct Follower {
    newest: watch::Sender<Sequence>,
    task: JoinHandle<()>,
}

impl Follower {
    pub(crate) fn start<F>(
        newest: Sequence,
        follow: impl FnOnce(watch::Sender<Sequence>) -> F,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let newest = watch::Sender::new(newest);
        let task = tokio::spawn(follow(newest.clone()));
        Self { newest, task }
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Sequence> {
        self.newest.subscribe()
    }

    pub(crate) fn tell(&self, sequence: Sequence) {
        raise(&self.newest, sequence);
    }
}

/// Wakes the watchers where the number is news to them.
pub(crate) fn raise(newest: &watch::Sender<Sequence>, sequence: Sequence) {
    newest.send_if_modified(|known| {
        let is_news = sequence > *known;
        *known = sequence.max(*known);
        is_news
    });
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.task.abort();
    }
}
