use std::{
    io::{self, IsTerminal as _},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::say;

/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Steps of a bar for an import, whose inputs are measured in features or in bytes.
const STEPS: u64 = 1_000;

/// How far a long command is: a bar on a terminal, now and then a line elsewhere.
pub(super) struct Progress {
    bar: ProgressBar,
    is_terminal: bool,
    started: Instant,
    last_line: Instant,
}

impl Progress {
    /// How often a bar moves.
    pub(super) const TICK: Duration = Duration::from_millis(200);

    /// Counts objects whose number is not known.
    pub(super) fn counting(name: &str) -> Self {
        let template = "{msg:16} {spinner} {human_pos} objects, {per_sec}, {elapsed}";
        Self::new(name, ProgressBar::new_spinner(), template)
    }

    /// For an import, whose share is told by [`Progress::show`].
    pub(super) fn of_import() -> Self {
        Self::new("", ProgressBar::new(STEPS), "{bar:30} {percent}% {msg}, {eta} to go")
    }

    /// For tiles, whose number is not known before they are drawn.
    pub(super) fn of_tiles() -> Self {
        let template = "{spinner} {human_pos} tiles, {per_sec}, {msg}, {elapsed}";
        Self::new("", ProgressBar::new_spinner(), template)
    }

    fn new(name: &str, bar: ProgressBar, template: &str) -> Self {
        let style = ProgressStyle::with_template(template).expect("the templates above are valid");
        bar.set_style(style);
        bar.set_message(name.to_owned());
        let is_terminal = io::stderr().is_terminal();
        if is_terminal {
            bar.enable_steady_tick(Self::TICK);
        } else {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let now = Instant::now();
        Self { bar, is_terminal, started: now, last_line: now }
    }

    pub(super) fn add(&self, count: u64) {
        self.bar.inc(count);
    }

    /// So many objects are read, and that share of the inputs.
    pub(super) fn show(&mut self, read: u64, share: Option<f64>) {
        let rate = read as f64 / self.started.elapsed().as_secs_f64();
        let message = format!("{read} objects, {rate:.0}/s");
        if let Some(share) = share {
            self.bar.set_position((share * STEPS as f64) as u64);
        }
        let percent = share.map_or_else(String::new, |it| format!(" ({:.0} %)", it * 100.0));
        self.line(&format!("{message}{percent}"));
        self.bar.set_message(message);
    }

    /// One more tile of a zoom is written, and so many bytes in all.
    pub(super) fn show_tile(&mut self, zoom: u8, bytes: u64) {
        self.bar.inc(1);
        let message = format!("zoom {zoom}, {} MB", bytes / 1_000_000);
        self.line(&format!("{} tiles, {message}", self.bar.position()));
        self.bar.set_message(message);
    }

    fn line(&mut self, text: &str) {
        if !self.is_terminal && self.last_line.elapsed() >= LINE_EVERY {
            say::note(text);
            self.last_line = Instant::now();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
