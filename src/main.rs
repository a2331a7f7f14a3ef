//! The `gonogo` command.

use std::process::ExitCode;

use color_eyre::config::{HookBuilder, Theme};

fn main() -> ExitCode {
    // SAFETY: this is the first that the program does; there is one thread.
    #[expect(
        unsafe_code,
        reason = "what is in the environment is taken before there are threads that read it"
    )]
    unsafe {
        gonogo::config::take_answers();
    }
    // Without colours of its own: all of it goes the way of other text, as it may hold some of a document's.
    let hooks = HookBuilder::new().theme(Theme::new()).into_hooks();
    // Without it errors are only less pretty.
    let _plain = hooks.1.install();
    std::panic::set_hook(Box::new(move |info| {
        if !gonogo::caught::catches() {
            gonogo::cli::note(hooks.0.panic_report(info));
        }
    }));
    gonogo::cli::main()
}
