#![expect(unsafe_code, reason = "GDAL's safe binding cannot ask for these")]

use std::sync::Once;

use gdal::vector::{Defn, Feature};
use gdal_sys::OGRFieldSubType;

static LINEAR: Once = Once::new();

/// What a field is beyond its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subtype {
    None,
    Boolean,
    Float32,
    Json,
}

/// The subtype of each field, in order.
pub(super) fn subtypes(definition: &Defn) -> Vec<Subtype> {
    let count = definition.fields().count();
    let subtype = |at| {
        // SAFETY: the definition lives as long as its layer, which the borrow outlives, and `at` is below its count.
        let subtype = unsafe {
            let field = gdal_sys::OGR_FD_GetFieldDefn(definition.c_defn(), at);
            gdal_sys::OGR_Fld_GetSubType(field)
        };
        match subtype {
            OGRFieldSubType::OFSTBoolean => Subtype::Boolean,
            OGRFieldSubType::OFSTFloat32 => Subtype::Float32,
            OGRFieldSubType::OFSTJSON => Subtype::Json,
            _ => Subtype::None,
        }
    };
    (0..).take(count).map(subtype).collect()
}

/// Has GDAL turn arcs into lines when it reads them.
pub(super) fn want_straight_lines() {
    // SAFETY: sets a flag of the process; this is the only place that does.
    LINEAR.call_once(|| unsafe { gdal_sys::OGRSetNonLinearGeometriesEnabledFlag(0) });
}

/// Whether the feature says something in a field: one that it leaves out would read as 0 or as empty text.
pub(super) fn has_value(feature: &Feature<'_>, at: usize) -> bool {
    // SAFETY: the feature is alive while it is borrowed, and the index is checked against its own count.
    let index = i32::try_from(at).ok().filter(|_| at < feature.field_count());
    index.is_some_and(|at| unsafe {
        gdal_sys::OGR_F_IsFieldSetAndNotNull(feature.c_feature(), at) != 0
    })
}
