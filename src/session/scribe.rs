//! Pages are written while others are rendered, by threads that do nothing else.
//!
//! A file system makes files one after the other: threads that write at once mostly wait for each other
//! in its journal, and take more of the processors' time for it. So one thread writes for every two that
//! render, and each folder is made just before its page, in the same piece of the journal.

use super::write::Failure;
use crate::disk::error::DiskError;
use crate::disk::publish::Stage;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// How many pages wait for a scribe at most.
const MOST_WAITING: usize = 256;
/// A file of more bytes is written by who made it: many of them would fill the memory.
const MOST_BYTES: usize = 64 * 1024;
/// How many threads render for each that writes.
const RENDERERS: usize = 2;

/// A page that waits to be written.
struct Sheet {
    file: String,
    bytes: Vec<u8>,
}

/// Where pages are handed over to be written.
pub(super) struct Scribes<'a> {
    stage: &'a Stage,
    /// One of each scribe; none where who renders writes.
    desks: Vec<SyncSender<Sheet>>,
}

impl Scribes<'_> {
    /// Writes a file of a batch of this number into the stage, soon or at once.
    ///
    /// # Errors
    ///
    /// Where the file system refuses this file or one before it.
    pub(super) fn write(&self, batch: usize, file: &str, bytes: Vec<u8>) -> Result<(), DiskError> {
        if self.desks.is_empty() || bytes.len() > MOST_BYTES {
            return self.stage.write(file, &bytes);
        }
        let file = file.to_owned();
        let desk = &self.desks[batch % self.desks.len()];
        // A scribe goes before the end only where it has an error to tell, and tells it.
        desk.send(Sheet { file, bytes })
            .map_err(|_| DiskError::Interrupted)
    }
}

/// Renders with `render` what others write meanwhile.
///
/// # Errors
///
/// Those of `render`; where the file system refuses a file.
pub(super) fn beside<T>(
    stage: &Stage,
    render: impl FnOnce(&Scribes<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let threads = rayon::current_num_threads();
    let count = match threads {
        1 => 0,
        _ => threads.div_ceil(RENDERERS),
    };
    thread::scope(|scope| {
        let (desks, scribes): (Vec<_>, Vec<_>) = (0..count)
            .map(|_| {
                let (desk, sheets) = sync_channel(MOST_WAITING);
                (desk, scope.spawn(|| write(stage, sheets)))
            })
            .unzip();
        let scribing = Scribes { stage, desks };
        let rendered = render(&scribing);
        drop(scribing);
        for scribe in scribes {
            match scribe.join() {
                Ok(written) => written?,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        rendered
    })
}

fn write(stage: &Stage, sheets: Receiver<Sheet>) -> Result<(), DiskError> {
    sheets
        .into_iter()
        .try_for_each(|Sheet { file, bytes }| stage.write(&file, &bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::output::Output;

    const PAGES: usize = 3 * MOST_WAITING;

    fn stage(folder: &std::path::Path) -> Stage {
        let output = Output {
            folder: folder.join("public"),
            mark: None,
        };
        Stage::new(&output).unwrap()
    }

    /// Counts the files below a folder, and their bytes.
    fn written(folder: &std::path::Path) -> (usize, u64) {
        let files = walkdir::WalkDir::new(folder).into_iter();
        let files = files.map(|entry| entry.unwrap().metadata().unwrap());
        let sizes = files.filter(|about| about.is_file()).map(|file| file.len());
        sizes.fold((0, 0), |(files, bytes), size| (files + 1, bytes + size))
    }

    #[test]
    fn all_that_is_handed_over_is_written_before_it_ends() {
        for threads in [1, 2, 5] {
            let folder = tempfile::tempdir().unwrap();
            let stage = stage(folder.path());
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let before = written(folder.path());
            let ended = pool.build().unwrap().install(|| {
                beside(&stage, |scribes| {
                    for page in 0..PAGES {
                        let path = format!("a/{}/{page}/index.html", page % 7);
                        scribes.write(page, &path, vec![b'x'; 10])?;
                    }
                    Ok(scribes.write(0, "large.html", vec![b'x'; MOST_BYTES + 1])?)
                })
            });
            assert!(ended.is_ok());
            let (files, bytes) = written(folder.path());
            assert_eq!(files - before.0, PAGES + 1, "with {threads} threads");
            let expect = PAGES * 10 + MOST_BYTES + 1;
            assert_eq!(bytes - before.1, expect as u64, "with {threads} threads");
        }
    }

    #[test]
    fn what_the_file_system_refuses_is_told_and_ends_the_rendering() {
        let folder = tempfile::tempdir().unwrap();
        let stage = stage(folder.path());
        let mut rendered = 0;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2);
        let ended = pool.build().unwrap().install(|| {
            beside(&stage, |scribes| {
                for page in 0.. {
                    // No file system has names of so many bytes.
                    let name = "n".repeat(300);
                    rendered = page;
                    scribes.write(page, &format!("{name}/{page}/index.html"), Vec::new())?;
                }
                Ok(())
            })
        });
        let Err(Failure::Disk(error)) = ended else {
            panic!("a file was written whose name is too long");
        };
        let told = error.to_string();
        assert!(told.contains(&"n".repeat(300)), "{told}");
        assert!(rendered <= MOST_WAITING + 2, "{rendered}");
    }
}
