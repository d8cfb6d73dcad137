use std::{collections::HashSet, ops::ControlFlow, sync::Arc};

use quartier_import::{Input, ReadOptions, Record, Source};
use quartier_model::{CityObject, Crs, Schema};
use tokio::sync::mpsc::Sender;
use xxhash_rust::xxh3::xxh3_128;

use super::{Error, Import, Rejection, Repair, Tally, place::Placement, report::Reading};

/// Objects that are written together: large enough that a transaction costs little, small enough to hold a few.
const BATCH_OBJECTS: usize = 10_000;

/// Batches that wait for the database while the next is read.
pub(super) const QUEUE_BATCHES: usize = 2;

/// Objects that are held in memory until all are read; where there are more, they are read twice, the first time only
/// to see that the file is whole. Some hundred megabytes of buildings with 3D geometry.
const HELD_OBJECTS_MAX: usize = 50_000;

/// Reads and places, on a thread of its own.
pub(super) struct Reader {
    inputs: Vec<Input>,
    options: ReadOptions,
    working: Crs,
    tally: Tally,
    sender: Sender<Load>,
}

/// Objects to be written together, and what is known so far of their properties.
#[derive(Debug)]
pub(super) struct Load {
    pub(super) objects: Vec<CityObject>,
    pub(super) schema: Arc<Schema>,
    /// What the objects' CRS was in the file.
    pub(super) source_crs: Arc<str>,
}

/// What a pass over the inputs learns on its way.
#[derive(Debug, Default)]
struct Pass {
    schema: Schema,
    source_crs: Arc<str>,
    /// Hashes of the ids of all inputs; a file's own twins are found by its reader.
    seen: HashSet<u128>,
}

impl Reader {
    pub(super) fn new(import: &Import, working: Crs, tally: Tally, sender: Sender<Load>) -> Self {
        let (inputs, options) = (import.inputs.clone(), import.read.clone());
        Self { inputs, options, working, tally, sender }
    }

    pub(super) fn run(&self) -> Result<(), Error> {
        if let [input] = self.inputs.as_slice()
            && !quartier_import::open(input, &self.options)?.may_break_off()
        {
            return self.stream();
        }
        // None once there are too many.
        let mut held = Some(Vec::new());
        let pass = self.pass(&mut |_, object| {
            match &mut held {
                Some(objects) if objects.len() < HELD_OBJECTS_MAX => objects.push(object),
                _ => held = None,
            }
            ControlFlow::Continue(())
        })?;
        if let Some(held) = held {
            self.send_all(held, &pass);
            return Ok(());
        }
        self.tally.restart();
        self.stream()
    }

    /// Sends while it reads.
    fn stream(&self) -> Result<(), Error> {
        let mut objects = Vec::with_capacity(BATCH_OBJECTS);
        let mut sent = 0;
        let read = self.pass(&mut |pass, object| {
            objects.push(object);
            if objects.len() < BATCH_OBJECTS {
                return ControlFlow::Continue(());
            }
            sent += objects.len() as u64;
            self.send(std::mem::take(&mut objects), pass)
        });
        match read {
            Ok(pass) => {
                let _ = self.send(objects, &pass);
                Ok(())
            }
            Err(Error::Read(source)) if sent > 0 => Err(Error::BrokeOff { written: sent, source }),
            Err(error) => Err(error),
        }
    }

    fn send_all(&self, held: Vec<CityObject>, pass: &Pass) {
        let mut held = held.into_iter();
        loop {
            let objects: Vec<CityObject> = held.by_ref().take(BATCH_OBJECTS).collect();
            if objects.is_empty() || self.send(objects, pass).is_break() {
                return;
            }
        }
    }

    /// Breaks where the writer is gone: it says why.
    fn send(&self, objects: Vec<CityObject>, pass: &Pass) -> ControlFlow<()> {
        let schema = Arc::new(pass.schema.clone());
        let load = Load { objects, schema, source_crs: Arc::clone(&pass.source_crs) };
        match self.sender.blocking_send(load) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    fn pass(
        &self,
        keep: &mut dyn FnMut(&Pass, CityObject) -> ControlFlow<()>,
    ) -> Result<Pass, Error> {
        let mut pass = Pass::default();
        for (before, input) in self.inputs.iter().enumerate() {
            // The writer is gone, and says why.
            if self.sender.is_closed() {
                break;
            }
            let source = quartier_import::open(input, &self.options)?;
            let (progress, expected) = (source.progress(), source.expected);
            self.tally.reads(Reading { before, inputs: self.inputs.len(), progress, expected });
            self.read(input, source, &mut pass, keep)?;
        }
        Ok(pass)
    }

    fn read(
        &self,
        input: &Input,
        source: Source,
        pass: &mut Pass,
        keep: &mut dyn FnMut(&Pass, CityObject) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let placement = Placement::new(&source.crs.horizontal, self.working)
            .map_err(|source| Error::Crs { input: input.name.clone(), source })?;
        self.tally.warn(source.warnings.iter().cloned());
        pass.schema.merge(&source.schema);
        pass.source_crs = source.crs.definition.as_str().into();
        source.read(&mut |record| {
            self.tally.count_read();
            match self.taken(input, record, &placement, pass) {
                Ok(object) => {
                    pass.schema.widen(&object.feature.properties);
                    keep(pass, object)
                }
                Err(rejection) => {
                    self.tally.rejected(rejection);
                    ControlFlow::Continue(())
                }
            }
        })?;
        Ok(())
    }

    fn taken(
        &self,
        input: &Input,
        record: Record,
        placement: &Placement,
        pass: &mut Pass,
    ) -> Result<CityObject, Rejection> {
        let rejection = |id: Option<String>, position, reason| Rejection {
            input: input.name.clone(),
            id,
            position,
            reason,
        };
        let (object, repaired) = match record {
            Record::Object { object, repaired } => (object, repaired),
            Record::Rejected { id, position, reason } => {
                return Err(rejection(id, Some(position), reason));
            }
        };
        let id = object.feature.id.clone();
        let rejected = |reason| rejection(Some(id.to_string()), None, reason);
        if self.inputs.len() > 1 && !pass.seen.insert(xxh3_128(id.as_str().as_bytes())) {
            return Err(rejected("the id stands in a file before this one too".to_owned()));
        }
        let object = placement.place(object).map_err(rejected)?;
        if let Some(repair) = repaired {
            let (input, id) = (input.name.clone(), id.to_string());
            self.tally.repaired(Repair { input, id, repair });
        }
        Ok(object)
    }
}
