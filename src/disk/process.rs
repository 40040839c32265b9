//! What the system says of this process: the processor's time and the memory that it has taken.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the edge that asks the system"
)]

use rustix::time::{ClockId, clock_gettime};

/// Returns the seconds that this process' threads have run, all together.
pub fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Returns the bytes of memory that this process has at the moment; 0 where the system does not say so
/// in `/proc`.
pub fn memory() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let resident = pages.and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    resident.unwrap_or_default() * rustix::param::page_size() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_time_and_memory() {
        let before = cpu_seconds();
        let mut list: Vec<u64> = Vec::new();
        while cpu_seconds() - before < 0.01 {
            list.push(list.len() as u64);
        }
        assert!(memory() > list.len() as u64 * 8);
    }
}
