//! The one binary: reads the command line and runs the sub-command.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    slipway::cli::run().await
}
