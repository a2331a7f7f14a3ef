//! The `gonogo` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Err(error) = color_eyre::install() {
        // Without the hook errors are only less pretty.
        drop(error);
    }
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        // What panics in the shell's grammar is caught there: the text counts as one it does not take.
        if !gonogo::shell::grammar::is_asked() {
            told(info);
        }
    }));
    gonogo::cli::main()
}
