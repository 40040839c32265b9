//! The user's own programs: git, ssh, rsync, and the commands of hooks.

use super::error::DeployError;
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;

/// How much of what a program says is told.
const TOLD_LINES: usize = 6;

/// Prepares a program that is not told of any repository but the one that it is given.
pub(super) fn prepare(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env("LC_ALL", "C")
        .env("GIT_TERMINAL_PROMPT", "0");
    // A hook of git's that runs dateline says so in these.
    for name in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_PREFIX",
        "GIT_OBJECT_DIRECTORY",
        "GIT_COMMON_DIR",
        "GIT_NAMESPACE",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_QUARANTINE_PATH",
    ] {
        command.env_remove(name);
    }
    command
}

/// Runs a program, with bytes as its input, and returns what it said, however it ended.
///
/// # Errors
///
/// That there is no such program.
pub(super) fn run(mut command: Command, input: &[u8]) -> Result<Output, DeployError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let missing = |error: std::io::Error| {
        DeployError::machine(format!("can't run `{program}`: {error}")).hint(format!(
            "install {program}; this kind of target uses the system's own"
        ))
    };
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(missing)?;
    let mut stdin = child.stdin.take();
    thread::scope(|scope| {
        // A program that reads all of its input before it says anything must not wait for us.
        scope.spawn(move || {
            if let Some(stdin) = &mut stdin {
                // One that does not want all of it says why at its end.
                let _ = stdin.write_all(input);
            }
        });
        child
            .wait_with_output()
            .map_err(|error| DeployError::machine(format!("can't wait for `{program}`: {error}")))
    })
}

/// Returns the last lines of what a program complained of.
pub(super) fn complaint(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let told = &lines[lines.len().saturating_sub(TOLD_LINES)..];
    let said = told.join("; ").replace(char::is_control, " ");
    match said.is_empty() {
        true => format!("it ended with {}", output.status),
        false => said,
    }
}

/// Quotes a text for the shell.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Runs a hook in the site's folder; returns what it said.
///
/// # Errors
///
/// That it failed.
pub(super) fn hook(
    name: &str,
    line: &str,
    root: &Path,
    variables: &[(&str, String)],
) -> Result<String, DeployError> {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line).current_dir(root);
    for (variable, value) in variables {
        command.env(variable, OsStr::new(value));
    }
    let output = run(command, b"")?;
    if !output.status.success() {
        return Err(DeployError::machine(format!(
            "the hook `{name}` failed: {}",
            complaint(&output)
        ))
        .hint("its command stands in `hooks` of the target"));
    }
    let said = [output.stdout, output.stderr].concat();
    Ok(String::from_utf8_lossy(&said).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_one_word_of_the_shell() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["a b", "it's", "$HOME `id` \"x\" \\", "日本; rm -rf", ""] {
            let line = format!("printf %s {}", quoted(text));
            assert_eq!(hook("x", &line, folder.path(), &[]).unwrap(), text);
        }
    }

    #[test]
    fn a_hook_that_fails_says_what_it_said() {
        let folder = tempfile::tempdir().unwrap();
        let variables = [("DATELINE_TARGET", "live".to_owned())];
        let failed = hook(
            "after",
            "echo $DATELINE_TARGET >&2; exit 3",
            folder.path(),
            &variables,
        );
        assert_eq!(
            failed.unwrap_err().to_string(),
            "the hook `after` failed: live"
        );
    }

    #[test]
    fn much_input_and_much_output_do_not_wait_for_each_other() {
        let input = vec![b'x'; 1 << 20];
        let output = run(Command::new("cat"), &input).unwrap();
        assert_eq!(output.stdout.len(), input.len());
    }
}
