//! The `gonogo` command.

use std::process::ExitCode;

fn main() -> ExitCode {
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
