use super::{Branch, Level, Page, Paging, Reader, Source};
use crate::{
    entities::{Json, write_entity},
    path::Cardinality,
};

/// Of an entity with its links and one expanded, to begin with.
const BYTES_PER_ROW: usize = 1_000;

/// What stands around a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame<'f, 'a> {
    pub(crate) source: &'f Source<'a>,
    pub(crate) paging: &'f Paging,
    /// `/$ref`, where the page has links only.
    pub(crate) suffix: &'static str,
    pub(crate) page: &'f Page<'a>,
}

impl<'a> Reader<'a> {
    /// A page as `{"@iot.count": …, "@iot.nextLink": …, "value": […]}`.
    pub(crate) fn show_set(&self, frame: &Frame<'_, 'a>, level: &Level<'a>) -> Vec<u8> {
        let mut json = Json::with_capacity((level.rows.len() + 1) * BYTES_PER_ROW);
        json.object(|json| {
            self.write_frame(json, frame);
            json.name(&["value"]);
            json.array(|json| {
                (0..level.rows.len()).for_each(|index| self.write(json, level, index));
            });
        });
        json.into_bytes()
    }

    /// The count and the link that stand around a page.
    pub(crate) fn write_frame(&self, json: &mut Json, frame: &Frame<'_, 'a>) {
        if let Some(count) = frame.page.count {
            json.name(&["@iot.count"]);
            json.whole(count);
        }
        if let Some(next) = &frame.page.next {
            json.name(&["@iot.nextLink"]);
            json.plain(|bytes| {
                frame.source.push_url(bytes, self.manner.base);
                bytes.extend_from_slice(frame.suffix.as_bytes());
                frame.paging.push_query(bytes, next);
            });
        }
    }

    /// One entity with what hangs on it.
    pub(crate) fn show_one(&self, level: &Level<'a>, index: usize) -> Vec<u8> {
        let mut json = Json::with_capacity(BYTES_PER_ROW);
        self.write(&mut json, level, index);
        json.into_bytes()
    }

    fn write(&self, json: &mut Json, level: &Level<'a>, index: usize) {
        write_entity(json, self.view, self.manner, &level.rows[index], &level.shape, |json| {
            level.branches.iter().for_each(|branch| self.write_branch(json, level, branch, index));
        });
    }

    fn write_branch(&self, json: &mut Json, above: &Level<'a>, branch: &Branch<'a>, index: usize) {
        let part = &branch.parts[index];
        let name = branch.link.name;
        if branch.link.cardinality == Cardinality::One {
            if let Some(only) = part.rows.clone().next() {
                json.name(&[name]);
                self.write(json, &branch.level, only);
            }
            return;
        }
        json.name(&[name]);
        json.array(|json| {
            part.rows.clone().for_each(|row| self.write(json, &branch.level, row));
        });
        if let Some(count) = part.count {
            json.name(&[name, "@iot.count"]);
            json.whole(count);
        }
        if let Some(next) = &part.next {
            let source = Source::linked(above.rows[index].clone(), branch.link);
            json.name(&[name, "@iot.nextLink"]);
            json.plain(|bytes| {
                source.push_url(bytes, self.manner.base);
                branch.paging.push_query(bytes, next);
            });
        }
    }
}
