use geo_types::Coord;

/// A building's shape in its row's frame: x along the street, y away from it, in metres.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    /// Counter-clockwise, open.
    pub(crate) outline: Vec<Coord>,
    pub(crate) courtyard: Option<Area>,
    pub(crate) mass: Mass,
}

/// What stands on the outline.
#[derive(Debug, Clone)]
pub(crate) enum Mass {
    /// Up to a flat roof, this many metres above ground.
    Prism(f64),
    /// One solid.
    Wing(Wing),
    /// Parts, side by side.
    Wings(Vec<Wing>),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Wing {
    pub(crate) area: Area,
    pub(crate) eaves_m: f64,
    /// From the eaves to the ridge.
    pub(crate) rise_m: f64,
    pub(crate) roof: Roof,
    pub(crate) ridge: Ridge,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) min: Coord,
    pub(crate) max: Coord,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Roof {
    Flat,
    Shed,
    Gable,
    Hip,
    Pyramid,
}

/// Which way the ridge runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ridge {
    AlongStreet,
    FromStreet,
}

impl Roof {
    /// The code of the states' surveying authorities (`AdV`).
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Flat => "1000",
            Self::Shed => "2100",
            Self::Gable => "3100",
            Self::Hip => "3200",
            Self::Pyramid => "3500",
        }
    }
}

impl Area {
    pub(crate) fn new(x: (f64, f64), y: (f64, f64)) -> Self {
        Self { min: Coord { x: x.0, y: y.0 }, max: Coord { x: x.1, y: y.1 } }
    }

    pub(crate) fn width(self) -> f64 {
        self.max.x - self.min.x
    }

    pub(crate) fn depth(self) -> f64 {
        self.max.y - self.min.y
    }

    pub(crate) fn middle(self) -> Coord {
        (self.min + self.max) * 0.5
    }

    /// Counter-clockwise from the street's left end.
    pub(crate) fn corners(self) -> [Coord; 4] {
        let at = |x, y| Coord { x, y };
        let (min, max) = (self.min, self.max);
        [at(min.x, min.y), at(max.x, min.y), at(max.x, max.y), at(min.x, max.y)]
    }
}

impl Wing {
    pub(crate) fn height_m(&self) -> f64 {
        if self.roof == Roof::Flat { self.eaves_m } else { self.eaves_m + self.rise_m }
    }
}

impl Form {
    pub(crate) fn rectangle(wing: Wing) -> Self {
        Self { outline: wing.area.corners().to_vec(), courtyard: None, mass: Mass::Wing(wing) }
    }

    /// A main wing along the street and wings behind it, each from the main wing's back to `back`.
    /// The wings stand at the main wing's ends: at most one at each.
    pub(crate) fn with_back_wings(main: Wing, back: &[Wing]) -> Self {
        let [front_left, front_right, back_right, back_left] = main.area.corners();
        let mut outline = vec![front_left, front_right];
        let is_right = |wing: &&Wing| wing.area.max.x == main.area.max.x;
        match back.iter().find(is_right) {
            None => outline.push(back_right),
            Some(wing) => {
                let [near_left, _, far_right, far_left] = wing.area.corners();
                outline.extend([far_right, far_left, near_left]);
            }
        }
        match back.iter().find(|wing| !is_right(wing)) {
            None => outline.push(back_left),
            Some(wing) => {
                let [_, near_right, far_right, far_left] = wing.area.corners();
                outline.extend([near_right, far_right, far_left]);
            }
        }
        let all_flat = main.roof == Roof::Flat;
        let mass = if all_flat {
            Mass::Prism(main.eaves_m)
        } else {
            Mass::Wings([main].iter().chain(back).copied().collect())
        };
        Self { outline, courtyard: None, mass }
    }

    /// A nave with a tower before its left end.
    pub(crate) fn with_tower(nave: Wing, tower: Wing) -> Self {
        let [front_left, front_right, back_right, back_left] = nave.area.corners();
        let [tower_front, door_front, door_back, tower_back] = tower.area.corners();
        let outline = vec![
            front_left,
            front_right,
            back_right,
            back_left,
            door_back,
            tower_back,
            tower_front,
            door_front,
        ];
        Self { outline, courtyard: None, mass: Mass::Wings(vec![nave, tower]) }
    }

    /// Around a courtyard, under one flat roof.
    pub(crate) fn around(area: Area, courtyard: Area, height_m: f64) -> Self {
        let outline = area.corners().to_vec();
        Self { outline, courtyard: Some(courtyard), mass: Mass::Prism(height_m) }
    }

    pub(crate) fn height_m(&self) -> f64 {
        match &self.mass {
            Mass::Prism(height_m) => *height_m,
            Mass::Wing(wing) => wing.height_m(),
            Mass::Wings(wings) => wings.iter().map(Wing::height_m).fold(0.0, f64::max),
        }
    }

    pub(crate) fn roof(&self) -> Roof {
        match &self.mass {
            Mass::Prism(_) => Roof::Flat,
            Mass::Wing(wing) => wing.roof,
            Mass::Wings(wings) => wings[0].roof,
        }
    }

    /// How far it reaches from the street.
    pub(crate) fn back(&self) -> f64 {
        self.outline.iter().map(|corner| corner.y).fold(f64::NEG_INFINITY, f64::max)
    }
}
