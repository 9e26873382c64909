// Trait objects, closures, generic collections and unwinding: about half a second of them.
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

trait Shape {
    fn area(&self, depth: u32) -> f64;
}
struct List(Vec<f64>);
struct Table(HashMap<String, f64>);

impl Shape for List {
    fn area(&self, depth: u32) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(|a, b| b.partial_cmp(a).unwrap());
        if depth > 0 { sorted[0] + self.area(depth - 1) } else { sorted.iter().sum() }
    }
}
impl Shape for Table {
    fn area(&self, depth: u32) -> f64 {
        let mut sorted = BTreeMap::new();
        for (key, value) in &self.0 {
            sorted.insert(key.clone() + &depth.to_string(), *value);
        }
        sorted.values().sum()
    }
}

fn unwinds(depth: u32) -> u32 {
    if depth == 0 {
        std::panic::resume_unwind(Box::new(3u32));
    }
    unwinds(depth - 1) + 1
}

fn main() {
    let shapes: Vec<Box<dyn Shape>> = vec![
        Box::new(List((0..2000).map(|i| (i * 7919 % 2003) as f64).collect())),
        Box::new(Table((0..300).map(|i| (format!("key {i}"), i as f64)).collect())),
    ];
    let start = Instant::now();
    let mut total = 0.0;
    let mut round = 0;
    while start.elapsed() < Duration::from_millis(500) {
        round += 1;
        for shape in &shapes {
            total += shape.area(round % 5);
        }
        total += std::panic::catch_unwind(|| unwinds(10)).unwrap_or(1) as f64;
    }
    println!("{total}");
}
