//! Reads files and says what was in them and how fast: `cargo run --release --example read -- FILE… [--crs EPSG:n]`.
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use std::{collections::BTreeMap, env, error::Error, ops::ControlFlow, time::Instant};

use quartier_import::{Input, ReadOptions, Record, inputs, open};
use quartier_model::{Body, Part};

/// Reasons that are shown in full.
const SHOWN_MAX: usize = 5;

#[derive(Default)]
struct Count {
    objects: u64,
    bare: u64,
    solids: usize,
    surfaces: usize,
    repaired: Vec<String>,
    rejected: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (crs, paths) = match arguments.iter().position(|argument| argument == "--crs") {
        Some(at) => (arguments.get(at + 1).cloned(), arguments.get(..at).unwrap_or_default()),
        None => (None, arguments.as_slice()),
    };
    let options = ReadOptions { crs, ..ReadOptions::default() };
    let unpacking = Instant::now();
    let inputs = inputs(paths)?;
    println!(
        "{} inputs listed and unpacked in {:.3} s",
        inputs.len(),
        unpacking.elapsed().as_secs_f64()
    );
    let reading = Instant::now();
    let mut counts = BTreeMap::new();
    for input in &inputs {
        if let Err(error) = read(input, &options, &mut counts) {
            println!("{error}");
        }
    }
    let seconds = reading.elapsed().as_secs_f64();
    for (format, count) in counts {
        count.print(&format, seconds);
    }
    Ok(())
}

fn read(
    input: &Input,
    options: &ReadOptions,
    counts: &mut BTreeMap<String, Count>,
) -> quartier_import::Result<()> {
    let source = open(input, options)?;
    let format = format!("{} in {}", source.format, source.crs.definition);
    let count = counts.entry(format).or_default();
    source.read(&mut |record| {
        count.take(record);
        ControlFlow::Continue(())
    })
}

impl Count {
    fn take(&mut self, record: Record) {
        match record {
            Record::Rejected { id, position, reason } => {
                self.rejected.push(format!("{position} {}: {reason}", id.unwrap_or_default()));
            }
            Record::Object { object, repaired } => {
                self.objects += 1;
                self.bare += u64::from(object.feature.geometry.is_none());
                self.bodies(&object.structure.bodies);
                object.structure.parts.iter().for_each(|part| self.part(part));
                self.repaired.extend(repaired.map(|it| format!("{}: {it}", object.feature.id)));
            }
        }
    }

    fn part(&mut self, part: &Part) {
        self.bodies(&part.bodies);
        part.parts.iter().for_each(|part| self.part(part));
    }

    fn bodies(&mut self, bodies: &[Body]) {
        self.solids += bodies.len();
        self.surfaces += bodies.iter().map(|body| body.surfaces.len()).sum::<usize>();
    }

    fn print(&self, format: &str, seconds: f64) {
        let rate = self.objects as f64 / seconds;
        println!("{format}: {} objects in {seconds:.3} s, {rate:.0}/s", self.objects);
        println!(
            "  {} bodies, {} surfaces, {} without geometry",
            self.solids, self.surfaces, self.bare
        );
        for (what, list) in [("repaired", &self.repaired), ("rejected", &self.rejected)] {
            println!("  {} {what}", list.len());
            list.iter().take(SHOWN_MAX).for_each(|line| println!("    {line}"));
        }
    }
}
