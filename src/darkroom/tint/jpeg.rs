//! The mean colour of a JPEG (ITU-T T.81), from the first coefficient of each of its blocks, which is
//! eight times the block's mean. The others are skipped, and no pixel is made.
//!
//! Of a progressive file only the scans of first coefficients are read; their last bits, which can come in
//! later scans, make no difference that can be seen.

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mean {
    /// Red, green and blue from 0 to 255, in the colours of the file.
    pub colour: [f64; 3],
    /// Whether the file says by a profile what its colours are.
    pub has_profile: bool,
}

/// Returns the mean colour; none of a file that is damaged, or of a kind that is rare: of another depth
/// than eight bits, of four inks, lossless, or with arithmetic coding.
pub(super) fn mean(bytes: &[u8]) -> Option<Mean> {
    let mut file = File::default();
    let mut at = 2;
    bytes.starts_with(&[0xff, 0xd8]).then_some(())?;
    loop {
        // What stands between segments is the rest of a scan that was skipped.
        let found = memchr::memchr(0xff, bytes.get(at..)?)?;
        at += found + 1;
        let marker = *bytes.get(at)?;
        match marker {
            0x00 | 0x01 | 0xd0..=0xd7 => {
                at += 1;
                continue;
            }
            // Bytes of 0xff before a marker fill up.
            0xff => continue,
            // The end, before all was found.
            0xd9 => return None,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes([
            *bytes.get(at + 1)?,
            *bytes.get(at + 2)?,
        ]));
        let segment = bytes.get(at + 3..at + 1 + length)?;
        at += 1 + length;
        match marker {
            0xc4 => file.read_codes(segment)?,
            0xdb => file.read_quantisation(segment)?,
            0xdd => file.interval = u16::from_be_bytes([*segment.first()?, *segment.get(1)?]),
            0xc0..=0xc2 => file.read_frame(segment)?,
            0xc3 | 0xc5..=0xcf => return None,
            0xe2 => file.has_profile |= segment.starts_with(b"ICC_PROFILE\0"),
            0xee if segment.starts_with(b"Adobe") => file.transform = segment.get(11).copied(),
            0xda => {
                at += file.read_scan(segment, bytes.get(at..)?)?;
                if let Some(colour) = file.colour() {
                    return Some(Mean {
                        colour,
                        has_profile: file.has_profile,
                    });
                }
            }
            _ => {}
        }
    }
}

/// What the segments say that were read.
#[derive(Default)]
struct File {
    width: u32,
    height: u32,
    components: Vec<Component>,
    /// The first factors of the tables of quantisation.
    factors: [Option<u16>; 4],
    /// The codes of first coefficients, and those of the others.
    codes: [[Option<Box<Codes>>; 4]; 2],
    /// After how many units a restart comes; 0 of none.
    interval: u16,
    /// How Adobe's segment says that colours are written.
    transform: Option<u8>,
    has_profile: bool,
}

/// One of the channels.
#[derive(Clone, Copy)]
struct Component {
    name: u8,
    across: u32,
    down: u32,
    table: usize,
    /// The sum and the number of first coefficients, once they were read.
    sum: Option<(i64, u32)>,
    /// By how many bits they are shifted.
    shift: u8,
}

impl File {
    fn read_quantisation(&mut self, mut segment: &[u8]) -> Option<()> {
        while let [head, rest @ ..] = segment {
            let (is_wide, table) = (head >> 4 != 0, usize::from(head & 15));
            let factor = match is_wide {
                true => u16::from_be_bytes([*rest.first()?, *rest.get(1)?]),
                false => u16::from(*rest.first()?),
            };
            *self.factors.get_mut(table)? = Some(factor);
            segment = rest.get(64 << usize::from(is_wide)..)?;
        }
        Some(())
    }

    fn read_codes(&mut self, mut segment: &[u8]) -> Option<()> {
        while let [head, rest @ ..] = segment {
            let counts: &[u8; 16] = rest.first_chunk()?;
            let count = counts
                .iter()
                .map(|count| usize::from(*count))
                .sum::<usize>();
            let symbols = rest.get(16..16 + count)?;
            let codes = Codes::new(counts, symbols)?;
            let class = self.codes.get_mut(usize::from(head >> 4))?;
            *class.get_mut(usize::from(head & 15))? = Some(Box::new(codes));
            segment = &rest[16 + count..];
        }
        Some(())
    }

    fn read_frame(&mut self, segment: &[u8]) -> Option<()> {
        let [8, y1, y0, x1, x0, count, components @ ..] = segment else {
            return None;
        };
        self.height = u32::from(u16::from_be_bytes([*y1, *y0]));
        self.width = u32::from(u16::from_be_bytes([*x1, *x0]));
        let is_known = matches!(count, 1 | 3) && self.width > 0 && self.height > 0;
        self.components.clear();
        for component in components.chunks_exact(3).take(usize::from(*count)) {
            let (across, down) = (component[1] >> 4, component[1] & 15);
            let is_right = (1..=4).contains(&across) && (1..=4).contains(&down);
            is_right.then_some(())?;
            self.components.push(Component {
                name: component[0],
                across: u32::from(across),
                down: u32::from(down),
                table: usize::from(component[2]),
                sum: None,
                shift: 0,
            });
        }
        (is_known && self.components.len() == usize::from(*count)).then_some(())
    }

    /// Reads a scan, or skips it where there is no first coefficient in it; returns how many bytes it has
    /// at least.
    fn read_scan(&mut self, segment: &[u8], bytes: &[u8]) -> Option<usize> {
        let [count, rest @ ..] = segment else {
            return None;
        };
        let (chosen, rest) = rest.split_at_checked(usize::from(*count) * 2)?;
        let [first, last, shifts, ..] = *rest else {
            return None;
        };
        let is_refinement = shifts >> 4 != 0;
        if first != 0 || is_refinement {
            return Some(0);
        }
        let mut parts = Vec::with_capacity(chosen.len() / 2);
        for choice in chosen.chunks_exact(2) {
            let mut components = self.components.iter();
            let at = components.position(|one| one.name == choice[0])?;
            let code =
                |class: usize, table: u8| self.codes[class].get(usize::from(table))?.as_deref();
            parts.push(Part {
                at,
                firsts: code(0, choice[1] >> 4)?,
                others: match last {
                    0 => None,
                    _ => Some(code(1, choice[1] & 15)?),
                },
                last: 0,
                sum: 0,
                count: 0,
            });
        }
        let mut bits = Bits::new(bytes);
        self.read_units(&mut parts, &mut bits)?;
        let found: Vec<(usize, i64, u32)> = parts
            .iter()
            .map(|part| (part.at, part.sum, part.count))
            .collect();
        let read = bits.at;
        for (at, sum, count) in found {
            self.components[at].sum = Some((sum, count));
            self.components[at].shift = shifts & 15;
        }
        Some(read)
    }

    /// Reads the blocks of a scan, which come in units of several where it has more than one component
    /// (section A.2).
    fn read_units(&self, parts: &mut [Part<'_>], bits: &mut Bits<'_>) -> Option<()> {
        let most = |length: fn(&Component) -> u32| self.components.iter().map(length).max();
        let (across, down) = (most(|one| one.across)?, most(|one| one.down)?);
        // How many blocks of a component show something.
        let blocks = |one: &Component| {
            (
                (self.width * one.across).div_ceil(across).div_ceil(8),
                (self.height * one.down).div_ceil(down).div_ceil(8),
            )
        };
        let (columns, rows) = match parts {
            [part] => blocks(&self.components[part.at]),
            _ => (
                self.width.div_ceil(8 * across),
                self.height.div_ceil(8 * down),
            ),
        };
        let is_alone = parts.len() == 1;
        let mut left = u32::from(self.interval);
        for row in 0..rows {
            for column in 0..columns {
                if self.interval > 0 {
                    if left == 0 {
                        bits.restart()?;
                        parts.iter_mut().for_each(|part| part.last = 0);
                        left = u32::from(self.interval);
                    }
                    left -= 1;
                }
                for part in &mut *parts {
                    let component = &self.components[part.at];
                    if is_alone {
                        part.read_block(bits, true)?;
                        continue;
                    }
                    let (width, height) = blocks(component);
                    for y in 0..component.down {
                        for x in 0..component.across {
                            let is_shown = column * component.across + x < width
                                && row * component.down + y < height;
                            part.read_block(bits, is_shown)?;
                        }
                    }
                }
            }
        }
        (!bits.is_overdrawn()).then_some(())
    }

    /// Returns the mean colour, once all components were read.
    fn colour(&self) -> Option<[f64; 3]> {
        let mut levels = [0.0; 3];
        for (level, one) in levels.iter_mut().zip(&self.components) {
            let (sum, count) = one.sum?;
            let factor = f64::from((*self.factors.get(one.table)?)?);
            let first = sum as f64 * f64::from(1_u32 << one.shift) / f64::from(count.max(1));
            *level = first * factor / 8.0 + 128.0;
        }
        let [first, second, third] = levels;
        let names: Vec<u8> = self.components.iter().map(|one| one.name).collect();
        let colour = match (names.as_slice(), self.transform) {
            ([_], _) => [first; 3],
            (_, Some(0)) | ([b'R', b'G', b'B'], None) => levels,
            // ITU-T T.871, section 7.
            ([_, _, _], _) => {
                let (blue, red) = (second - 128.0, third - 128.0);
                [
                    first + 1.402 * red,
                    first - 0.344_136 * blue - 0.714_136 * red,
                    first + 1.772 * blue,
                ]
            }
            _ => return None,
        };
        Some(colour.map(|level| level.clamp(0.0, 255.0)))
    }
}

/// A component in a scan.
struct Part<'a> {
    /// Its place among the components.
    at: usize,
    firsts: &'a Codes,
    others: Option<&'a Codes>,
    /// The first coefficient of the block before.
    last: i32,
    sum: i64,
    count: u32,
}

impl Part<'_> {
    /// Reads a block (section F.2.2).
    fn read_block(&mut self, bits: &mut Bits<'_>, is_shown: bool) -> Option<()> {
        let size = bits.symbol(self.firsts)?;
        (size <= 16).then_some(())?;
        self.last = self.last.checked_add(bits.signed(u32::from(size)))?;
        if is_shown {
            self.sum += i64::from(self.last);
            self.count += 1;
        }
        let Some(codes) = self.others else {
            return Some(());
        };
        let mut place = 1;
        while place < 64 {
            let symbol = bits.symbol(codes)?;
            let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
            match (run, size) {
                (15, 0) => place += 16,
                (_, 0) => break,
                _ => {
                    bits.skip(size);
                    place += run + 1;
                }
            }
        }
        (place <= 64).then_some(())
    }
}

/// How many bits of a code are looked up at once.
const QUICK: u32 = 10;

/// A table of codes (section C).
struct Codes {
    /// By the next bits: the length of the code times 256, and its symbol; 0 where it is longer.
    quick: Vec<u16>,
    /// By length: the first code, the first place in the symbols, and the number of codes.
    lengths: [(u32, u32, u32); 17],
    symbols: Vec<u8>,
}

impl Codes {
    fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut quick = vec![0; 1 << QUICK];
        let mut lengths = [(0, 0, 0); 17];
        let (mut code, mut place) = (0_u32, 0_u32);
        for (length, count) in (1..).zip(counts) {
            let count = u32::from(*count);
            lengths[length as usize] = (code, place, count);
            (code + count <= 1 << length).then_some(())?;
            if length <= QUICK {
                let width = 1 << (QUICK - length);
                for at in 0..count {
                    let symbol = symbols[(place + at) as usize];
                    let start = ((code + at) << (QUICK - length)) as usize;
                    quick[start..start + width].fill((length << 8) as u16 | u16::from(symbol));
                }
            }
            place += count;
            code = (code + count) << 1;
        }
        Some(Self {
            quick,
            lengths,
            symbols: symbols.to_vec(),
        })
    }
}

/// The bits of a scan.
struct Bits<'a> {
    bytes: &'a [u8],
    /// The next byte to take.
    at: usize,
    /// The next bits, the first one highest.
    next: u64,
    /// How many there are.
    count: u32,
    /// How many of them are none of the file's: beyond its end, or a marker.
    missing: u32,
}

impl<'a> Bits<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            next: 0,
            count: 0,
            missing: 0,
        }
    }

    /// Makes sure of 32 bits at least.
    fn fill(&mut self) {
        while self.count <= 56 {
            let byte = match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(0xff), Some(0)) => {
                    self.at += 2;
                    0xff
                }
                (Some(0xff), _) | (None, _) => {
                    self.missing += 8;
                    0
                }
                (Some(byte), _) => {
                    self.at += 1;
                    *byte
                }
            };
            self.next |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    fn symbol(&mut self, codes: &Codes) -> Option<u8> {
        if self.count < 32 {
            self.fill();
        }
        let found = codes.quick[(self.next >> (64 - QUICK)) as usize];
        if found != 0 {
            self.skip(u32::from(found >> 8));
            return Some(found as u8);
        }
        for length in QUICK + 1..=16 {
            let code = (self.next >> (64 - length)) as u32;
            let (first, place, count) = codes.lengths[length as usize];
            if code >= first && code - first < count {
                self.skip(length);
                return codes.symbols.get((place + code - first) as usize).copied();
            }
        }
        None
    }

    /// Reads a number by its size (section F.2.2.1); there are bits enough after a symbol.
    fn signed(&mut self, size: u32) -> i32 {
        if size == 0 {
            return 0;
        }
        let value = (self.next >> (64 - size)) as i32;
        self.skip(size);
        match value >> (size - 1) {
            0 => value - (1 << size) + 1,
            _ => value,
        }
    }

    fn skip(&mut self, bits: u32) {
        self.next <<= bits;
        self.count -= bits;
    }

    /// Tells whether more bits were taken than there are.
    fn is_overdrawn(&self) -> bool {
        self.missing > self.count
    }

    /// Goes on after the next marker of a restart.
    fn restart(&mut self) -> Option<()> {
        if self.is_overdrawn() {
            return None;
        }
        (self.next, self.count, self.missing) = (0, 0, 0);
        // What was taken ahead stops before a marker.
        let marker = self.bytes.get(self.at..self.at + 2)?;
        (marker[0] == 0xff && (0xd0..=0xd7).contains(&marker[1])).then_some(())?;
        self.at += 2;
        Some(())
    }
}
