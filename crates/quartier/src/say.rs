//! What the user reads: results on standard output, what is wrong or under way on standard error.

use std::io::{self, Write as _};

/// One line of the command's result. Whoever closed the pipe does not want to know.
pub(crate) fn line(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
    let _ = io::stdout().flush();
}

pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

pub(crate) fn error(text: &str) {
    note(&format!("quartier: {text}"));
}
