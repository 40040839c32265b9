//! How long a site of photos takes, beside Hugo.
//!
//!     cargo bench --bench photos -- --photos 100 --hugo "$(which hugo)"
//!
//! Each article has one photo of 12 megapixels, made here: waves, edges and noise, as JPEG. There are
//! [`PICTURES`] different pictures; a comment in the file tells each photo from those with the same
//! picture, so that nothing made of one serves for another. Both generators make four widths of each in WebP and in JPEG, with the same qualities and with Lanczos
//! as the filter; dateline's crop for social networks, which Hugo is not asked for, comes on top. Then
//! the site is built again with nothing changed, and with one photo more. Seconds, processor seconds
//! and the most memory are shown and never judged. `--keep FOLDER` leaves the sites there, to compare
//! what the pictures look like.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark writes sites, measures and prints"
)]

use dateline::darkroom::derivative::Encoding;
use dateline::darkroom::encode;
use dateline::darkroom::negative::Negative;
use rayon::prelude::*;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const WIDTH: u32 = 4000;
const HEIGHT: u32 = 3000;
/// How many pictures are different.
const PICTURES: usize = 50;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|one| one == name)?;
        arguments.get(at + 1).cloned()
    };
    let count: usize = value("--photos").as_deref().unwrap_or("100").parse()?;
    let folder = tempfile::tempdir()?;
    let kept = value("--keep").map(PathBuf::from);
    let root = kept.as_deref().unwrap_or(folder.path());
    let photos = Photos::new(count + 1);
    let bytes: usize = (0..count).map(|at| photos.get(at).len()).sum();
    println!(
        "{count} photos of {WIDTH} × {HEIGHT} pixels, {} MB",
        bytes / 1_000_000
    );
    println!(
        "{:<28} {:>9} {:>9} {:>9}",
        "", "seconds", "cpu s", "peak MB"
    );
    measure("dateline", &root.join("dateline"), &photos, dateline)?;
    if let Some(hugo) = value("--hugo") {
        let hugo = PathBuf::from(hugo);
        measure("Hugo", &root.join("hugo"), &photos, |root, at, photo| {
            hugo_article(root, at, photo).map(|()| {
                let mut command = Command::new(&hugo);
                command.current_dir(root);
                command
            })
        })?;
    }
    Ok(())
}

/// Builds a site of all photos but the last, then unchanged, then with the last one too.
fn measure(
    name: &str,
    root: &Path,
    photos: &Photos,
    put: impl Fn(&Path, usize, &[u8]) -> Outcome<Command>,
) -> Outcome<()> {
    fs::create_dir_all(root)?;
    let last = photos.count - 1;
    let mut command = None;
    for at in 0..last {
        command = Some(put(root, at, &photos.get(at))?);
    }
    let Some(mut command) = command else {
        return Ok(());
    };
    run(&format!("{name}, all photos"), &mut command)?;
    // Files that were written just now are read again whatever the file system says of them.
    thread::sleep(Duration::from_millis(100));
    run(&format!("{name}, once more"), &mut command)?;
    run(&format!("{name}, unchanged"), &mut command)?;
    put(root, last, &photos.get(last))?;
    run(&format!("{name}, one photo more"), &mut command)
}

/// Runs a command and shows what it took.
fn run(name: &str, command: &mut Command) -> Outcome<()> {
    let before = cpu_of_children()?;
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()?;
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak = 0_u64;
    let ended = loop {
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(kilobytes.unwrap_or(0));
        thread::sleep(Duration::from_millis(5));
    };
    if !ended.success() {
        return Err(format!("{name} failed").into());
    }
    println!(
        "{name:<28} {:>9.2} {:>9.2} {:>9}",
        start.elapsed().as_secs_f64(),
        cpu_of_children()? - before,
        peak / 1000
    );
    Ok(())
}

/// Returns the seconds of user and system time that ended child processes took: the fourteenth and
/// fifteenth field behind the name in `/proc/self/stat`, `cutime` and `cstime`.
fn cpu_of_children() -> Outcome<f64> {
    const TICKS: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name in parentheses may hold spaces.
    let after_name = stat.rsplit_once(')').ok_or("the process has no name")?.1;
    let fields = after_name.split_whitespace().skip(13).take(2);
    let mut ticks = 0.0;
    for field in fields {
        ticks += field.parse::<f64>()?;
    }
    Ok(ticks / TICKS)
}

fn put(root: &Path, path: &str, bytes: impl AsRef<[u8]>) -> Outcome<()> {
    let path = root.join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, bytes)?)
}

/// Writes an article of dateline's.
fn dateline(root: &Path, at: usize, photo: &[u8]) -> Outcome<Command> {
    put(root, "dateline.yaml", "title: Photos\ntheme: plain\n")?;
    let text = format!(
        "---\nheadline: Photo {at}\ntimestamp: 2024-01-01\nphoto: {{ src: photo.jpg, credit: Sample, alt: Waves }}\n---\nText.\n"
    );
    put(root, &format!("content/photos/{at}/index.md"), text)?;
    put(root, &format!("content/photos/{at}/photo.jpg"), photo)?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.arg("build").current_dir(root);
    Ok(command)
}

/// Writes an article of Hugo's, and the template that scales its photo.
fn hugo_article(root: &Path, at: usize, photo: &[u8]) -> Outcome<()> {
    put(
        root,
        "hugo.yaml",
        "baseURL: http://localhost/\ndisableKinds: [taxonomy, term, rss, sitemap, section]\n\
         timeout: 24h\nimaging: { resampleFilter: Lanczos }\n",
    )?;
    put(
        root,
        "layouts/page.html",
        "{{ range .Resources.ByType \"image\" }}{{ $photo := . }}\
         {{ range slice 480 800 1200 1600 }}\
         {{ with $photo.Resize (printf \"%dx webp q78\" .) }}<img src=\"{{ .RelPermalink }}\">{{ end }}\
         {{ with $photo.Resize (printf \"%dx jpg q80\" .) }}<img src=\"{{ .RelPermalink }}\">{{ end }}\
         {{ end }}{{ end }}\n",
    )?;
    put(root, "layouts/home.html", "{{ .Title }}\n")?;
    let text = format!("---\ntitle: Photo {at}\ndate: 2024-01-01\n---\nText.\n");
    put(root, &format!("content/photos/{at}/index.md"), text)?;
    put(root, &format!("content/photos/{at}/photo.jpg"), photo)
}

/// Photos that differ.
struct Photos {
    pictures: Vec<Vec<u8>>,
    count: usize,
}

impl Photos {
    /// Makes the pictures, in parallel.
    fn new(count: usize) -> Self {
        let picture = |seed: u32| {
            let pixels = (0..HEIGHT)
                .flat_map(|y| (0..WIDTH).flat_map(move |x| pixel(x, y, seed)))
                .collect();
            let photo = Negative {
                width: WIDTH,
                height: HEIGHT,
                has_alpha: false,
                pixels,
            };
            encode::encode(&photo, Encoding::Jpeg, 92).unwrap_or_default()
        };
        let seeds = 0..count.min(PICTURES) as u32;
        Self {
            pictures: seeds.into_par_iter().map(picture).collect(),
            count,
        }
    }

    /// Returns the bytes of a photo's file: its picture, with a comment behind the marker that begins
    /// every JPEG (ISO/IEC 10918-1, B.2.4.5).
    fn get(&self, at: usize) -> Vec<u8> {
        let (start, rest) = self.pictures[at % self.pictures.len()].split_at(2);
        let comment = format!("photo {at}");
        let length = (comment.len() as u16 + 2).to_be_bytes();
        [start, &[0xff, 0xfe], &length, comment.as_bytes(), rest].concat()
    }
}

/// Waves of several lengths, edges between fields, and the noise of a sensor.
fn pixel(x: u32, y: u32, seed: u32) -> [u8; 3] {
    let (across, down) = (x as f32, y as f32);
    let turn = seed as f32 * 0.37;
    let slow = (across * 0.0021 + turn).sin() + (down * 0.0033 - turn).cos();
    let quick = (across * 0.051 + (down * 0.013).sin() * 3.0).sin() * (down * 0.047 + turn).cos();
    let fields = ((x + seed * 97) / 331 + (y + seed * 53) / 277) % 5;
    let mut noise = x.wrapping_mul(0x9e37_79b1) ^ y.wrapping_mul(0x85eb_ca77) ^ seed;
    noise = (noise ^ noise >> 15).wrapping_mul(0x2c1b_3c6d);
    noise ^= noise >> 12;
    let grain = (noise & 0xf) as f32 - 7.5;
    let light = 118.0 + slow * 34.0 + quick * 22.0 + fields as f32 * 9.0 + grain;
    let [red, green, blue] = [1.0, 0.92 - fields as f32 * 0.05, 0.7 + fields as f32 * 0.06];
    [light * red, light * green, light * blue].map(|value| value.clamp(0.0, 255.0) as u8)
}
