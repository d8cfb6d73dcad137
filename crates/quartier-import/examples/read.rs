//! Reads files and says what was in them and how fast: `cargo run --release --example read -- FILE… [--crs EPSG:n]`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

use std::{collections::BTreeMap, env, error::Error, ops::ControlFlow, time::Instant};

use quartier_import::{ReadOptions, Record, inputs, open};

/// Reasons that are shown in full.
const SHOWN_MAX: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (crs, paths) = match arguments.iter().position(|argument| argument == "--crs") {
        Some(at) => (arguments.get(at + 1).cloned(), arguments.get(..at).unwrap_or_default()),
        None => (None, arguments.as_slice()),
    };
    let options = ReadOptions { crs, ..ReadOptions::default() };
    let started = Instant::now();
    let mut counts = BTreeMap::new();
    let mut shown = 0;
    let inputs = inputs(paths)?;
    let unpacked = started.elapsed();
    for input in &inputs {
        let source = open(input, &options)?;
        let key = format!("{} in {}", source.format, source.crs.definition);
        let count = counts.entry(key).or_insert([0_u64; 5]);
        let read = source.read(&mut |record| {
            match record {
                Record::Object { object, repaired } => {
                    count[0] += 1;
                    count[1] += u64::from(repaired.is_some());
                    count[3] += object.structure.bodies.len() as u64;
                    count[4] += u64::from(object.feature.geometry.is_none());
                    if let Some(repaired) = repaired.filter(|_| shown < SHOWN_MAX) {
                        shown += 1;
                        println!("{}: {repaired}", object.feature.id);
                    }
                }
                Record::Rejected { id, position, reason } => {
                    count[2] += 1;
                    if shown < SHOWN_MAX {
                        shown += 1;
                        println!("{position} {id:?}: {reason}");
                    }
                }
            }
            ControlFlow::Continue(())
        });
        if let Err(error) = read {
            eprintln!("{error}");
        }
    }
    let seconds = (started.elapsed() - unpacked).as_secs_f64();
    for (format, [objects, repaired, rejected, bodies, bare]) in counts {
        let rate = objects as f64 / seconds;
        println!(
            "{format}: {objects} objects ({repaired} repaired, {bare} without geometry, {bodies} bodies), {rejected} rejected, {rate:.0}/s"
        );
    }
    println!(
        "{seconds:.3} s, and {:.3} s to list and unpack {} inputs",
        unpacked.as_secs_f64(),
        inputs.len()
    );
    Ok(())
}
