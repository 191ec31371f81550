//! Faults of ours: a panic ends in a message that asks for a report, and in exit code 70.

use crate::session::{Exit, complain};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::{Mutex, PoisonError};
use utsushi::model::text::Lang;
use utsushi::wording::pick;

/// What the last panic said and where, as the hook heard it.
static LAST: Mutex<String> = Mutex::new(String::new());

/// Runs the command; a panic in it, on any thread, becomes [`Exit::Fault`].
pub(crate) fn guard(lang: Lang, run: impl FnOnce() -> Exit) -> Exit {
    set_hook(Box::new(|info| {
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = info.to_string();
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
            complain(&format!("{}\n", std::backtrace::Backtrace::force_capture()));
        }
    }));
    let outcome = catch_unwind(AssertUnwindSafe(run));
    outcome.unwrap_or_else(|_| {
        let what = LAST.lock().unwrap_or_else(PoisonError::into_inner).clone();
        tell(lang, &what);
        Exit::Fault
    })
}

/// Asks for a report.
pub(crate) fn tell(lang: Lang, what: &str) {
    let version = env!("CARGO_PKG_VERSION");
    let asks = pick(
        lang,
        "内部エラー: utsushi の不具合であり、シナリオの誤りではない\n  \
         = 報告: 次の行、実行したコマンド、可能ならシナリオを添えて開発元へ知らせてほしい（RUST_BACKTRACE=1 で詳細が出る）",
        "internal error: this is a fault of utsushi, not of your scenario\n  \
         = report: please send us the lines below with your command line and, if you can, the scenario (RUST_BACKTRACE=1 shows more)",
    );
    complain(&format!("{asks}\n  = utsushi {version}: {what}\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_on_any_thread_is_a_fault_and_names_its_place() {
        let exit = guard(Lang::En, || {
            let thread = std::thread::spawn(|| panic!("out of {}", "luck"));
            match thread.join() {
                Ok(()) => Exit::Clean,
                Err(why) => std::panic::resume_unwind(why),
            }
        });
        assert_eq!((exit, exit.code()), (Exit::Fault, 70));
        let heard = LAST.lock().unwrap().clone();
        assert!(
            heard.contains("out of luck") && heard.contains("fault.rs"),
            "{heard}"
        );
    }
}
