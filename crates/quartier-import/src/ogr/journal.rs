use std::{cell::RefCell, sync::Once};

use gdal::errors::CplErrType;

/// More messages than these say nothing new.
const MESSAGES_MAX: usize = 20;

thread_local! {
    static FAILURES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static WARNINGS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

static INSTALLED: Once = Once::new();

/// Has GDAL's messages kept, for the thread in which they arise, instead of printed.
///
/// GDAL ends a layer the same way after the last feature and after an error: only the messages tell.
pub(super) fn keep() {
    INSTALLED.call_once(|| {
        gdal::config::set_error_handler(|class, _, message| match class {
            CplErrType::Failure | CplErrType::Fatal => add(&FAILURES, message),
            CplErrType::Warning => add(&WARNINGS, message),
            CplErrType::None | CplErrType::Debug => {}
        });
    });
}

fn add(messages: &'static std::thread::LocalKey<RefCell<Vec<String>>>, message: &str) {
    messages.with_borrow_mut(|messages| {
        let message = message.trim();
        if messages.len() < MESSAGES_MAX && !messages.iter().any(|known| known == message) {
            messages.push(message.to_owned());
        }
    });
}

/// What failed since the last call.
pub(super) fn failures() -> Vec<String> {
    FAILURES.take()
}

pub(super) fn warnings() -> Vec<String> {
    WARNINGS.take()
}

/// Asks GDAL something whose failure is an answer.
pub(crate) fn quietly<T>(ask: impl FnOnce() -> T) -> T {
    keep();
    let before = FAILURES.take();
    let warnings = WARNINGS.take();
    let answer = ask();
    FAILURES.set(before);
    WARNINGS.set(warnings);
    answer
}
