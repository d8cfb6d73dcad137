//! What a CRS is: PROJ's safe binding transforms, but does not tell a CRS's axes or name.
#![expect(unsafe_code, reason = "proj-sys is the only way to ask PROJ for the axes of a CRS")]

use std::{
    ffi::{CStr, CString, c_char},
    sync::Once,
};

use proj_sys::{
    PJ, PJ_CONTEXT, proj_context_create, proj_context_destroy, proj_create,
    proj_crs_get_coordinate_system, proj_crs_get_sub_crs, proj_cs_get_axis_info, proj_destroy,
    proj_get_area_of_use, proj_get_name, proj_get_type, proj_log_level,
};
use quartier_model::{Bbox, Crs};

use crate::{Error, Result};

/// In which order the CRS's register has its axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axes {
    EastFirst,
    /// Latitude before longitude, northing before easting.
    NorthFirst,
}

/// What is to be known of a CRS.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    pub name: String,
    pub axes: Axes,
    /// Coordinates are degrees, not a length.
    pub is_geographic: bool,
    /// How many metres (or radians) one unit of a coordinate is.
    pub unit: f64,
    /// Where the CRS is meant to be used, in WGS 84 degrees; `None` for the world, and across the antimeridian.
    pub area: Option<Bbox>,
}

/// Asks PROJ's register; takes milliseconds.
pub fn describe(crs: Crs) -> Result<Description> {
    Session::open(crs).and_then(|session| session.describe()).ok_or(Error::Unknown(crs.to_string()))
}

/// Keeps PROJ from writing to standard error what a client got wrong: it is answered as an error.
pub(crate) fn silence() {
    static ONCE: Once = Once::new();
    // SAFETY: null is the default context, whose level every later context takes over.
    ONCE.call_once(|| unsafe {
        proj_log_level(std::ptr::null_mut(), proj_sys::PJ_LOG_LEVEL_PJ_LOG_NONE);
    });
}

/// PROJ objects that are freed together.
struct Session {
    context: *mut PJ_CONTEXT,
    crs: *mut PJ,
}

struct Axis {
    direction: String,
    unit: f64,
    unit_name: String,
}

impl Session {
    fn open(crs: Crs) -> Option<Self> {
        silence();
        let name = CString::new(crs.to_string()).ok()?;
        // SAFETY: the context is ours, the name outlives the call, and `Drop` frees both objects once.
        let session = unsafe {
            let context = proj_context_create();
            Self { context, crs: proj_create(context, name.as_ptr()) }
        };
        (!session.crs.is_null()).then_some(session)
    }

    fn describe(&self) -> Option<Description> {
        let (first, second) = (self.axis(0)?, self.axis(1)?);
        let is_north_first = first.direction == "north" && second.direction == "east";
        Some(Description {
            name: self.name()?,
            axes: if is_north_first { Axes::NorthFirst } else { Axes::EastFirst },
            is_geographic: first.unit_name == "degree",
            unit: first.unit,
            area: self.area(),
        })
    }

    fn name(&self) -> Option<String> {
        // SAFETY: the object lives; PROJ keeps the string for as long.
        unsafe { text(proj_get_name(self.crs)) }
    }

    fn axis(&self, index: i32) -> Option<Axis> {
        let mut direction: *const c_char = std::ptr::null();
        let mut unit_name: *const c_char = std::ptr::null();
        let mut unit = 0.0;
        let unasked = std::ptr::null_mut();
        // SAFETY: objects are freed here once; PROJ allows null for answers that are not wanted, and keeps the
        // strings until the coordinate system is freed, after they are copied.
        unsafe {
            let horizontal = self.horizontal();
            let system = proj_crs_get_coordinate_system(self.context, horizontal);
            let is_known = !system.is_null()
                && proj_cs_get_axis_info(
                    self.context,
                    system,
                    index,
                    unasked,
                    unasked,
                    &raw mut direction,
                    &raw mut unit,
                    &raw mut unit_name,
                    unasked,
                    unasked,
                ) != 0;
            let axis = is_known
                .then(|| text(direction).zip(text(unit_name)))
                .flatten()
                .map(|(direction, unit_name)| Axis { direction, unit, unit_name });
            proj_destroy(system);
            if horizontal != self.crs {
                proj_destroy(horizontal);
            }
            axis
        }
    }

    /// The CRS itself, or the first part of a compound one, which the caller frees.
    unsafe fn horizontal(&self) -> *mut PJ {
        // SAFETY: both objects live.
        unsafe {
            if proj_get_type(self.crs) == proj_sys::PJ_TYPE_PJ_TYPE_COMPOUND_CRS {
                proj_crs_get_sub_crs(self.context, self.crs, 0)
            } else {
                self.crs
            }
        }
    }

    fn area(&self) -> Option<Bbox> {
        let [mut west, mut south, mut east, mut north] = [0.0; 4];
        // SAFETY: both objects live; the name of the area is not asked for.
        let is_known = unsafe {
            proj_get_area_of_use(
                self.context,
                self.crs,
                &raw mut west,
                &raw mut south,
                &raw mut east,
                &raw mut north,
                std::ptr::null_mut(),
            )
        };
        (is_known != 0).then(|| Bbox::new(west, south, east, north).ok()).flatten()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: made in `open`, freed here and nowhere else; PROJ takes null.
        unsafe {
            proj_destroy(self.crs);
            proj_context_destroy(self.context);
        }
    }
}

unsafe fn text(pointer: *const c_char) -> Option<String> {
    // SAFETY: PROJ hands out null or a string that ends in a NUL.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_follow_the_register() {
        let axes = |code| describe(Crs::Epsg(code)).unwrap().axes;
        for code in [4326, 4258, 3035, 31467, 6677] {
            assert_eq!(axes(code), Axes::NorthFirst, "EPSG:{code}");
        }
        for code in [25832, 25833, 3857, 7415] {
            assert_eq!(axes(code), Axes::EastFirst, "EPSG:{code}");
        }
        assert_eq!(describe(Crs::Crs84).unwrap().axes, Axes::EastFirst);
    }

    #[test]
    fn degrees_are_told_from_metres() {
        assert!(describe(Crs::Crs84).unwrap().is_geographic);
        let utm = describe(Crs::Epsg(25832)).unwrap();
        assert_eq!((utm.is_geographic, utm.unit), (false, 1.0));
        assert_eq!(utm.name, "ETRS89 / UTM zone 32N");
    }

    #[test]
    fn a_code_that_no_one_gave_is_unknown() {
        assert_eq!(describe(Crs::Epsg(1)), Err(Error::Unknown("EPSG:1".to_owned())));
    }
}
