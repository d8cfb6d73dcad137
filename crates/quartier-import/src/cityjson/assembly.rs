use std::{collections::HashMap, ops::ControlFlow};

use super::{
    format::Object,
    object::{Family, Shared, draft},
};
use crate::{
    citygml::id_text,
    intake::{Draft, Intake},
};

/// Children of children; the standard has three levels.
const DEPTH_MAX: usize = 16;

/// Types that are parts of another object, by their last word.
const PART_ENDINGS: &[&str] =
    &["Part", "Installation", "Room", "Storey", "Unit", "ConstructiveElement", "HollowSpace"];
const PARTS: &[&str] = &["BuildingFurniture", "BridgeFurniture", "TunnelFurniture"];

/// Puts objects together with their children, in whatever order they come.
pub(super) struct Assembly<'a, 'sink> {
    waiting: HashMap<String, Object>,
    shared: Shared<'a>,
    id_field: Option<&'a str>,
    intake: &'a mut Intake<'sink>,
}

impl<'a, 'sink> Assembly<'a, 'sink> {
    pub(super) fn new(
        shared: Shared<'a>,
        id_field: Option<&'a str>,
        intake: &'a mut Intake<'sink>,
    ) -> Self {
        Self { waiting: HashMap::new(), shared, id_field, intake }
    }

    /// Takes an object in; hands it on with its family once that is complete.
    pub(super) fn take(&mut self, id: String, object: Object) -> ControlFlow<()> {
        let root = self.root(&id, &object);
        if self.waiting.contains_key(&id) {
            return self.intake.reject(
                Some(id),
                "the id stands twice in the file: this is the second".to_owned(),
            );
        }
        self.waiting.insert(id, object);
        match root {
            Some(root) if self.is_complete(&root, 0) => self.hand_on(&root),
            _ => ControlFlow::Continue(()),
        }
    }

    /// Hands on what is left: objects with children that never came, and children whose parents did not.
    pub(super) fn finish(mut self) -> ControlFlow<()> {
        let mut roots: Vec<String> =
            self.waiting.iter().filter(|(_, it)| !is_part(it)).map(|(id, _)| id.clone()).collect();
        roots.sort_unstable();
        for root in roots {
            self.hand_on(&root)?;
        }
        let mut orphans: Vec<String> = self.waiting.keys().cloned().collect();
        orphans.sort_unstable();
        for orphan in orphans.iter().filter(|it| !self.has_parent(it)).cloned().collect::<Vec<_>>()
        {
            self.hand_on(&orphan)?;
        }
        // What still waits are circles: each is its own parent's parent.
        let mut circles: Vec<String> = self.waiting.drain().map(|(id, _)| id).collect();
        circles.sort_unstable();
        circles.into_iter().try_for_each(|id| {
            self.intake.reject(Some(id), "its parents lead back to itself".to_owned())
        })
    }

    fn has_parent(&self, id: &str) -> bool {
        let object = self.waiting.get(id);
        let parents = object.and_then(|object| object.parents.as_deref()).unwrap_or_default();
        parents.iter().any(|parent| self.waiting.contains_key(parent))
    }

    /// The object at the top of the family, as far as it has come.
    fn root(&self, id: &str, object: &Object) -> Option<String> {
        let mut top = id.to_owned();
        let mut object = object;
        for _ in 0..DEPTH_MAX {
            if !is_part(object) {
                return Some(top);
            }
            let parent = object.parents.as_ref()?.first()?;
            object = self.waiting.get(parent)?;
            top.clone_from(parent);
        }
        None
    }

    fn is_complete(&self, id: &str, depth: usize) -> bool {
        let Some(object) = self.waiting.get(id) else { return false };
        depth <= DEPTH_MAX
            && children(object).iter().all(|child| self.is_complete(child, depth + 1))
    }

    fn hand_on(&mut self, id: &str) -> ControlFlow<()> {
        let Some(family) = self.family(id, 0) else { return ControlFlow::Continue(()) };
        let draft = draft(family, self.shared);
        self.put(draft)
    }

    fn family(&mut self, id: &str, depth: usize) -> Option<Family> {
        let mut object = self.waiting.remove(id)?;
        let named =
            if is_group(&object) { Vec::new() } else { object.children.take().unwrap_or_default() };
        let found = named
            .iter()
            .filter(|_| depth < DEPTH_MAX)
            .filter_map(|child| self.family(child, depth + 1));
        let children: Vec<Family> = found.collect();
        let missing = named.len() - children.len();
        Some(Family { id: id.to_owned(), object, children, missing })
    }

    fn put(&mut self, mut draft: Draft) -> ControlFlow<()> {
        if let Some(field) = self.id_field {
            let own = std::mem::take(&mut draft.id);
            let Some(id) = draft.properties.get(field).and_then(id_text) else {
                return self.intake.reject(Some(own), format!("it has no `{field}` for its id"));
            };
            draft.id = id;
            draft.source_id = Some(own);
        }
        self.intake.put(draft)
    }
}

fn children(object: &Object) -> &[String] {
    if is_group(object) { &[] } else { object.children.as_deref().unwrap_or_default() }
}

/// A group's children are objects in their own right.
fn is_group(object: &Object) -> bool {
    object.form == "CityObjectGroup"
}

fn is_part(object: &Object) -> bool {
    let has_parent = object.parents.as_ref().is_some_and(|parents| !parents.is_empty());
    let form = object.form.as_str();
    has_parent
        && (PARTS.contains(&form) || PART_ENDINGS.iter().any(|ending| form.ends_with(ending)))
}
