//! The `gonogo` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    // SAFETY: this is the first that the program does; there is one thread.
    #[expect(
        unsafe_code,
        reason = "what is in the environment is taken before there are threads that read it"
    )]
    unsafe {
        gonogo::config::take_answers();
    }
    if let Err(error) = color_eyre::install() {
        // Without the hook errors are only less pretty.
        drop(error);
    }
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !gonogo::caught::catches() {
            told(info);
        }
    }));
    gonogo::cli::main()
}
