//! The `gonogo` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Err(error) = color_eyre::install() {
        // Without the hook errors are only less pretty.
        drop(error);
    }
    gonogo::cli::main()
}
