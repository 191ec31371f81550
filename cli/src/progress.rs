//! A sign of life on the error output, for work that takes longer than a second.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use utsushi::model::text::Lang;
use utsushi::wording::pick;

/// How long a run may take before it says what it is doing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows what is being done until it is dropped; shows nothing where nobody watches.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    lang: Lang,
    waiting: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins with a first piece of work.
    pub(crate) fn begin(watched: bool, lang: Lang, ja: &'static str, en: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(pick(lang, ja, en));
        let waiting = watched.then(|| wait(bar.clone()));
        Self { bar, lang, waiting }
    }

    /// Goes on to work that consists of so many cases, and counts them.
    pub(crate) fn count(&self, cases: usize, ja: &'static str, en: &'static str) {
        self.next(ja, en);
        self.bar
            .set_length(u64::try_from(cases).unwrap_or(u64::MAX));
        let template = "{spinner} {msg} {wide_bar} {pos}/{len} {elapsed}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
    }

    /// One case is done; from any thread.
    pub(crate) fn one(&self) {
        self.bar.inc(1);
    }

    /// Goes on to the next piece of work.
    pub(crate) fn next(&self, ja: &'static str, en: &'static str) {
        self.bar.set_message(pick(self.lang, ja, en));
    }
}

/// Shows the bar after a second, unless the work is done by then.
fn wait(bar: ProgressBar) -> (Sender<()>, JoinHandle<()>) {
    let (done, heard) = channel();
    let thread = std::thread::spawn(move || {
        if heard.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.enable_steady_tick(Duration::from_millis(120));
        }
    });
    (done, thread)
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.waiting.take() {
            drop(done);
            // The thread only waits and draws; if it panicked there is nothing to clean up.
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}
