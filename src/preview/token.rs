//! The secret that a page of the preview has and no other page can guess.

use std::fs::File;
use std::io::{self, Read};

/// Returns 128 random bits as hexadecimal digits.
///
/// # Errors
///
/// Where the system gives no random bytes.
#[expect(
    clippy::disallowed_methods,
    reason = "the system's randomness is a file"
)]
pub fn random() -> io::Result<String> {
    let mut bits = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bits)?;
    Ok(bits.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Compares without saying by the time it takes how much agrees.
pub fn equal(a: &str, b: &str) -> bool {
    a.len() == b.len()
        && a.bytes()
            .zip(b.bytes())
            .fold(0, |all, (x, y)| all | (x ^ y))
            == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_are_compared_whole() {
        let (a, b) = (
            random().expect("random bits"),
            random().expect("random bits"),
        );
        assert!(a != b && a.len() == 32);
        assert!(equal(&a, &a.clone()) && !equal(&a, &b) && !equal(&a, &a[1..]) && !equal("", &a));
    }
}
