//! The pictures that a build has to make: photos are decoded once each, on every core, and only so
//! many of them at a time as memory should hold.

use super::made::{Maker, Unmade};
use super::{Progress, check};
use crate::base::diagnostic::Diagnostic;
use crate::disk::error::DiskError;
use crate::plan::page::{Page, Shot, Subject};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Condvar, Mutex};

/// How many pixels are decoded at a time, at most, unless one photo alone has more. A pixel takes ten
/// bytes while derivatives are made of it.
const MOST_PIXELS: u64 = 100_000_000;

/// Makes those of the derivatives that nobody made before; returns every fault of the photos.
///
/// # Errors
///
/// What the file system refused; that the user stopped the build.
pub(super) fn develop(
    maker: &Maker<'_>,
    pages: &[&Page],
    progress: &dyn Progress,
) -> Result<Vec<Diagnostic>, DiskError> {
    let mut photos: BTreeMap<&str, Vec<&Shot>> = BTreeMap::new();
    for page in pages {
        let Subject::Derivative(shot) = &page.subject else {
            continue;
        };
        if !maker.photos.has(page.fingerprint) {
            let photo = shot.derivative.photo.as_str();
            photos.entry(photo).or_default().push(shot);
        }
    }
    let photos: Vec<(&str, Vec<&Shot>)> = photos.into_iter().collect();
    progress.stage("photos", photos.len());
    let (table, stopped) = (Table::default(), AtomicBool::new(false));
    let faults: Vec<Vec<Diagnostic>> = photos
        .par_iter()
        // A photo at a time: a core that is done takes the next one.
        .with_max_len(1)
        .map(|(path, shots)| {
            check(progress, &stopped)?;
            let picture = maker.archive.files[*path].picture.as_ref();
            let pixels = picture
                .and_then(|picture| picture.as_ref().ok())
                .map_or(0, |found| u64::from(found.width) * u64::from(found.height));
            let place = table.take(pixels);
            let made = maker.develop(shots);
            drop(place);
            progress.step();
            match made {
                Ok(()) => Ok(Vec::new()),
                Err(Unmade::Changed(fault)) => Ok(vec![fault]),
                Err(Unmade::Faults(faults)) => Ok(faults),
                Err(Unmade::Disk(error)) => Err(error),
            }
        })
        .collect::<Result<_, _>>()?;
    Ok(faults.into_iter().flatten().collect())
}

/// Where photos lie while they are decoded; it has room for so many pixels.
#[derive(Default)]
struct Table {
    taken: Mutex<u64>,
    freed: Condvar,
}

/// A photo's place on the table, until it is dropped.
struct Taken<'a> {
    table: &'a Table,
    pixels: u64,
}

impl Table {
    /// Waits until there is room; a photo that is larger than the table waits until it is empty.
    fn take(&self, pixels: u64) -> Taken<'_> {
        let pixels = pixels.min(MOST_PIXELS);
        let mut taken = self.taken.lock().unwrap_or_else(|held| held.into_inner());
        while *taken + pixels > MOST_PIXELS {
            taken = self
                .freed
                .wait(taken)
                .unwrap_or_else(|held| held.into_inner());
        }
        *taken += pixels;
        Taken {
            table: self,
            pixels,
        }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let mut taken = self
            .table
            .taken
            .lock()
            .unwrap_or_else(|held| held.into_inner());
        *taken -= self.pixels;
        self.table.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_pixels_are_on_the_table_than_it_has_room_for() {
        let table = Table::default();
        let on_it = Mutex::new((0_u64, 0_u64));
        std::thread::scope(|scope| {
            for at in 0..8_u64 {
                let (table, on_it) = (&table, &on_it);
                scope.spawn(move || {
                    for step in 0..200 {
                        // One is larger than the table.
                        let pixels = (at * 37 + step * 11) % 7 * (MOST_PIXELS / 5);
                        let place = table.take(pixels);
                        {
                            let mut on_it = on_it.lock().expect("no thread panicked");
                            on_it.0 += pixels.min(MOST_PIXELS);
                            on_it.1 = on_it.1.max(on_it.0);
                        }
                        on_it.lock().expect("no thread panicked").0 -= pixels.min(MOST_PIXELS);
                        drop(place);
                    }
                });
            }
        });
        let (left, most) = on_it.into_inner().expect("no thread panicked");
        assert_eq!(left, 0);
        assert!(most > 0 && most <= MOST_PIXELS, "{most}");
    }
}
