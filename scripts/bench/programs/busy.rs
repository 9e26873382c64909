// Busy for SECONDS (first argument) in generics, closures and maps; then says when it was done.
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

mod text {
    #[inline(never)]
    pub fn words(count: usize) -> Vec<String> {
        (0..count).map(|i| format!("word {}", i * 7919 % 1009)).collect()
    }
}

trait Visitor {
    fn visit(&mut self, depth: u32) -> u64;
}

struct Deep {
    seen: HashMap<u32, u64>,
}

impl Visitor for Deep {
    #[inline(never)]
    fn visit(&mut self, depth: u32) -> u64 {
        *self.seen.entry(depth % 13).or_insert(0) += 1;
        if depth == 0 { self.seen.len() as u64 } else { self.visit(depth - 1).wrapping_mul(31) + 1 }
    }
}

#[inline(never)]
fn sorted<T: Ord + Clone>(values: &[T]) -> Vec<T> {
    let mut copy = values.to_vec();
    copy.sort_by(|a, b| b.cmp(a));
    copy
}

extern "C" {
    fn clock_gettime(clock: i32, time: *mut [i64; 2]) -> i32;
}

fn main() {
    let seconds: f64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    let mut deep = Deep { seen: HashMap::new() };
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut sum = 0u64;
    while Instant::now() < end {
        let words = text::words(500);
        for word in sorted(&words) {
            *counts.entry(word).or_default() += 1;
        }
        sum = sum.wrapping_add(deep.visit(40)).wrapping_add(counts.len() as u64);
    }
    let mut now = [0i64; 2];
    unsafe { clock_gettime(1, &mut now) };
    std::fs::write(std::env::var("DONE_FILE").unwrap(), format!("{}", now[0] * 1_000_000_000 + now[1])).unwrap();
    std::process::exit((sum == 42) as i32);
}
