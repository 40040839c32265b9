//! The binary: hands the arguments to the command line and returns its exit code.

use std::process::ExitCode;

/// A build makes millions of small values on every core; this allocator makes them in less than
/// two thirds of the system's time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    dateline::cli::run(std::env::args_os())
}
