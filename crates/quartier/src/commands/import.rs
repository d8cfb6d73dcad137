use std::{fs, future::Future, path::Path};

use quartier_import::ReadOptions;
use quartier_model::Readers;
use quartier_twin::import::{Import, Purpose, Report, Tally};

use super::{open_store, progress::Progress};
use crate::{cli, config::Config, failure::Failure, say};

/// Rejections and repairs that the summary lists; `--report` has them all.
const LISTED: usize = 10;

pub(super) async fn run(arguments: &cli::Import) -> Result<(), Failure> {
    let config = Config::read(arguments.common.config.as_deref())?;
    let import = Import {
        inputs: quartier_import::inputs(&arguments.files)?,
        read: ReadOptions {
            layer: arguments.layer.clone(),
            id_field: arguments.id.clone(),
            crs: arguments.crs.clone(),
        },
        collection: arguments.collection.clone(),
        title: arguments.title.clone(),
        readers: arguments.readers.map(Readers::from),
        mode: arguments.mode.into(),
        purpose: if arguments.dry_run { Purpose::DryRun } else { Purpose::Write },
    };
    // Looked at before a store is made for it.
    for input in &import.inputs {
        quartier_import::open(input, &import.read)?;
    }
    let store = open_store(&config.store(&arguments.common)?, config.working_crs).await?;
    let tally = Tally::default();
    let report = watched(&tally, import.run(&store, &tally)).await?;
    store.flush().await?;
    summarise(&report, arguments);
    if let Some(path) = &arguments.report {
        write_report(path, &report)?;
    }
    match report.rejected {
        0 => Ok(()),
        rejected => Err(Failure::Rejections(rejected, report.read)),
    }
}

/// Shows how far the import is while it runs.
async fn watched<T>(tally: &Tally, import: impl Future<Output = T>) -> T {
    let mut progress = Progress::of_import();
    tokio::pin!(import);
    loop {
        tokio::select! {
            result = &mut import => return result,
            () = tokio::time::sleep(Progress::TICK) => {
                progress.show(tally.so_far().read, tally.share());
            }
        }
    }
}

fn summarise(report: &Report, arguments: &cli::Import) {
    let Report { read, created, changed, unchanged, closed, repaired, rejected, .. } = report;
    let would = if arguments.dry_run { " (dry run: nothing was written)" } else { "" };
    say::line(&format!(
        "{}: {read} read, {created} created, {changed} changed, {unchanged} unchanged, {closed} closed, \
         {repaired} repaired, {rejected} rejected in {:.1} s ({:.0} features/s){would}",
        arguments.collection, report.seconds, report.features_per_second
    ));
    report.warnings.iter().for_each(|warning| say::line(&format!("  note: {warning}")));
    let repairs = report.repairs.iter().map(|it| format!("  repaired {}: {}", it.id, it.repair));
    list(repairs, *repaired);
    let rejections = report.rejections.iter().map(|it| {
        let id = it.id.as_deref().map_or_else(String::new, |id| format!(" {id}"));
        let position = it.position.map_or_else(String::new, |at| format!(" (object {at})"));
        format!("  rejected{id} in {}{position}: {}", it.input, it.reason)
    });
    list(rejections, *rejected);
}

fn list(lines: impl Iterator<Item = String>, count: u64) {
    lines.take(LISTED).for_each(|line| say::line(&line));
    let more = count.saturating_sub(LISTED as u64);
    if more > 0 {
        say::line(&format!("  and {more} more: --report FILE.json lists them"));
    }
}

fn write_report(path: &Path, report: &Report) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(report).expect("a report has only plain values");
    fs::write(path, text).map_err(|source| Failure::Unwritten { path: path.to_owned(), source })
}
