use crate::{
    building::{Building, Function},
    convex::Convex,
    dice::Dice,
    form::{Area, Form, Ridge, Roof, Wing},
    lots::{Hand, Lot},
    zone::Zone,
};

const STOREY_M: f64 = 3.0;

/// What is on a parcel's edge may lie this far outside it by the rounding of its last bits.
const EDGE_M: f64 = 1e-6;

const CORNER_REACHES_M: [f64; 8] = [32.0, 27.0, 23.0, 19.0, 15.5, 12.5, 10.0, 7.5];

/// On shallow parcels houses move towards the street and get less deep, down to this.
const SETBACK_MIN_M: f64 = 2.0;
const DEPTH_MIN_M: f64 = 7.5;

/// What the houses of a row have in common: who builds in a row keeps to the line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    zone: Zone,
    setback: f64,
    depth: f64,
    storeys: u32,
    roof: Roof,
    year_built: u32,
}

impl Style {
    pub(crate) fn new(zone: Zone, dice: &mut Dice) -> Self {
        use Roof::{Flat, Gable, Hip, Shed};
        let (setback, depth, storeys, years) = match zone {
            Zone::OldTown | Zone::Market => ((0.1, 0.4), (10.0, 13.5), (2, 4), (1620, 1910)),
            Zone::Perimeter => ((0.1, 2.5), (11.5, 13.5), (3, 5), (1885, 1965)),
            Zone::Terraces => ((3.0, 6.0), (9.5, 11.5), (2, 2), (1925, 2018)),
            Zone::Slabs => ((8.0, 14.0), (11.0, 13.0), (4, 8), (1955, 1982)),
            Zone::Industry => ((8.0, 16.0), (30.0, 60.0), (1, 2), (1950, 2020)),
            _ => ((4.0, 8.0), (8.5, 12.0), (1, 2), (1930, 2023)),
        };
        let roof = match zone {
            Zone::Industry => dice.weighted(&[(Flat, 70), (Shed, 20), (Gable, 10)]),
            Zone::Slabs => dice.weighted(&[(Flat, 75), (Gable, 25)]),
            Zone::Perimeter => dice.weighted(&[(Gable, 75), (Flat, 25)]),
            Zone::Terraces => dice.weighted(&[(Gable, 80), (Flat, 15), (Shed, 5)]),
            Zone::OldTown | Zone::Market => Gable,
            _ => dice.weighted(&[(Gable, 62), (Hip, 24), (Flat, 9), (Shed, 5)]),
        };
        Self {
            zone,
            setback: dice.between(setback.0, setback.1),
            depth: dice.between(depth.0, depth.1),
            storeys: dice.whole(storeys.0, storeys.1),
            roof,
            year_built: dice.whole(years.0, years.1),
        }
    }

    /// The main building on a parcel; `None` where there is no room for one.
    pub(crate) fn house(&self, lot: &Lot, dice: &mut Dice) -> Option<Building> {
        let function = self.function(dice);
        let own = self.varied(dice);
        let form = match self.zone {
            Zone::OldTown | Zone::Market | Zone::Perimeter => own.town_house(lot, dice)?,
            Zone::Terraces => {
                Form::rectangle(own.wing(own.row_area(lot, 5.0)?, Ridge::AlongStreet))
            }
            Zone::Slabs => Form::rectangle(
                own.wing(own.free_area(lot, (30.0, 54.0), dice)?, Ridge::AlongStreet),
            ),
            Zone::Industry => own.hall(lot, dice)?,
            Zone::Detached | Zone::Park | Zone::Fields => own.villa(lot, dice)?,
        };
        let (storeys, year_built) = (own.storeys, own.year_built);
        Some(Building { form, function, name: None, storeys, year_built })
    }

    /// What one builder does otherwise than the neighbours, where they share no walls of equal depth.
    fn varied(&self, dice: &mut Dice) -> Self {
        let mut own = *self;
        let years = if self.zone == Zone::Terraces { 0 } else { 25 };
        own.year_built = (self.year_built + dice.whole(0, years)).min(2025);
        match self.zone {
            Zone::Terraces => {}
            Zone::OldTown | Zone::Market | Zone::Perimeter => {
                own.storeys = (self.storeys + dice.whole(0, 2)).saturating_sub(1).max(2);
            }
            Zone::Slabs | Zone::Industry => own.storeys = self.storeys,
            _ => {
                own = Self { year_built: own.year_built, ..Self::new(self.zone, dice) };
                own.setback = self.setback + dice.between(-0.6, 0.6);
            }
        }
        own
    }

    fn function(&self, dice: &mut Dice) -> Function {
        use Function::{Dwelling, Factory, Hotel, MixedUse, Offices, Shop, Trade, Warehouse};
        match self.zone {
            Zone::OldTown | Zone::Market => dice.weighted(&[
                (MixedUse, 45),
                (Dwelling, 30),
                (Shop, 18),
                (Offices, 5),
                (Hotel, 2),
            ]),
            Zone::Perimeter => dice.weighted(&[
                (Dwelling, 66),
                (MixedUse, 24),
                (Offices, 6),
                (Trade, 3),
                (Hotel, 1),
            ]),
            Zone::Industry => {
                dice.weighted(&[(Trade, 34), (Warehouse, 34), (Factory, 22), (Offices, 10)])
            }
            Zone::Slabs => dice.weighted(&[(Dwelling, 95), (Offices, 5)]),
            _ => dice.weighted(&[(Dwelling, 97), (MixedUse, 2), (Trade, 1)]),
        }
    }

    fn eaves_m(&self) -> f64 {
        let storey = match self.zone {
            Zone::Industry => 5.2,
            Zone::OldTown | Zone::Perimeter | Zone::Market => 3.4,
            _ => STOREY_M,
        };
        f64::from(self.storeys) * storey + 0.6
    }

    fn wing(&self, area: Area, ridge: Ridge) -> Wing {
        let across = match ridge {
            Ridge::AlongStreet => area.depth(),
            Ridge::FromStreet => area.width(),
        };
        let pitch = match (self.zone, self.roof) {
            (Zone::Industry, _) => 0.12,
            (_, Roof::Shed) => 0.2,
            (Zone::OldTown, _) => 1.05,
            (_, Roof::Hip) => 0.6,
            _ => 0.8,
        };
        let run = if self.roof == Roof::Shed { across } else { across / 2.0 };
        Wing { area, eaves_m: self.eaves_m(), rise_m: run * pitch, roof: self.roof, ridge }
    }

    /// As wide as the parcel, wall to wall with the neighbours.
    fn row_area(&self, lot: &Lot, width_min: f64) -> Option<Area> {
        let y = (self.setback, self.setback + self.depth);
        let span = lot.shape.span(y)?;
        let x = (span.0.max(lot.party.0), span.1.min(lot.party.1));
        (x.1 - x.0 >= width_min).then(|| Area::new(x, y))
    }

    /// Clear of the neighbours by three metres, as the building codes ask.
    fn free_area(&self, lot: &Lot, width: (f64, f64), dice: &mut Dice) -> Option<Area> {
        let (_, back) = lot.shape.reach(geo_types::coord!(x: 0.0, y: 1.0));
        let setback = self.setback.min((back - self.depth - 2.5).max(SETBACK_MIN_M));
        let depth = self.depth.min((back - setback - 2.5).max(DEPTH_MIN_M));
        let y = (setback, setback + depth);
        let span = lot.shape.span((y.0, y.1 + 2.0))?;
        let room = span.1 - span.0 - 6.0;
        let width = dice.between(width.0, width.1).min(room);
        let from = span.0 + 3.0 + (room - width) * dice.between(0.0, 0.35);
        (width >= 6.5).then(|| Area::new((from, from + width), y))
    }

    fn villa(&self, lot: &Lot, dice: &mut Dice) -> Option<Form> {
        let area = self.free_area(lot, (9.0, 13.5), dice)?;
        let ridge = dice.weighted(&[(Ridge::AlongStreet, 60), (Ridge::FromStreet, 40)]);
        let main = self.wing(area, ridge);
        let back = (area.max.y, area.max.y + dice.between(3.0, 5.0));
        let side = (area.min.x, area.min.x + area.width() * 0.5);
        let has_room = lot.shape.span((area.min.y, back.1 + 2.0));
        let fits = has_room.is_some_and(|span| span.0 <= side.0 - 1.0 && side.1 < span.1);
        if !(fits && self.roof != Roof::Shed && dice.chance(0.2)) {
            return Some(Form::rectangle(main));
        }
        let wing = self.back_wing(Area::new(side, back));
        Some(Form::with_back_wings(main, &[wing]))
    }

    fn back_wing(&self, area: Area) -> Wing {
        let eaves_m = (self.eaves_m() - STOREY_M).max(2.8);
        Wing { eaves_m, ..self.wing(area, Ridge::FromStreet) }
    }

    fn town_house(&self, lot: &Lot, dice: &mut Dice) -> Option<Form> {
        let area = self.row_area(lot, 5.0)?;
        let ridge = match self.zone {
            Zone::OldTown if area.width() < 12.5 && dice.chance(0.6) => Ridge::FromStreet,
            _ => Ridge::AlongStreet,
        };
        let main = self.wing(area, ridge);
        if let Some(corner) = lot.side_street.and_then(|hand| self.corner(lot, area, hand)) {
            return Some(Form::with_back_wings(main, &[corner]));
        }
        let room = depth_behind(&lot.shape, area);
        if room < 7.0 || area.width() < 9.5 || !dice.chance(0.55) {
            return Some(Form::rectangle(main));
        }
        let reach = room.min(dice.between(7.0, 13.0));
        if area.width() > 15.0 && room > 14.0 && dice.chance(0.3) {
            return Some(self.around_a_yard(area, room.min(17.0)));
        }
        let back = (area.max.y, area.max.y + reach);
        let deep = (area.width() * 0.38).min(6.5);
        let left = self.back_wing(Area::new((area.min.x, area.min.x + deep), back));
        let right = self.back_wing(Area::new((area.max.x - deep, area.max.x), back));
        let wings = match dice.below(5) {
            0 | 1 => vec![left],
            2 | 3 => vec![right],
            _ if area.width() > 13.0 => vec![left, right],
            _ => vec![left],
        };
        Some(Form::with_back_wings(main, &wings))
    }

    /// A wing along the side street, as high as the house, that closes the block.
    fn corner(&self, lot: &Lot, front: Area, hand: Hand) -> Option<Wing> {
        let wide = (front.width() * 0.6).min(self.depth);
        let x = match hand {
            Hand::Left => (front.min.x, front.min.x + wide),
            Hand::Right => (front.max.x - wide, front.max.x),
        };
        let fits = |reach: &f64| {
            let span = lot.shape.span((front.max.y, front.max.y + reach));
            span.is_some_and(|span| span.0 <= x.0 + EDGE_M && x.1 - EDGE_M <= span.1)
        };
        let reach = CORNER_REACHES_M.into_iter().find(fits).filter(|_| wide > 4.5)?;
        let area = Area::new(x, (front.max.y, front.max.y + reach));
        Some(self.wing(area, Ridge::FromStreet))
    }

    fn around_a_yard(&self, front: Area, reach: f64) -> Form {
        let area = Area { max: front.max + geo_types::coord!(x: 0.0, y: reach), ..front };
        let yard = Area::new(
            (area.min.x + 4.5, area.max.x - 4.5),
            (area.min.y + front.depth() - 1.5, area.max.y - 5.0),
        );
        Form::around(area, yard, self.eaves_m())
    }

    fn hall(&self, lot: &Lot, dice: &mut Dice) -> Option<Form> {
        let (_, depth) = lot.shape.reach(geo_types::coord!(x: 0.0, y: 1.0));
        let deep = (depth - self.setback - 8.0).min(self.depth);
        let own = Self { depth: deep.max(12.0), ..*self };
        let area = own.free_area(lot, (28.0, 75.0), dice)?;
        Some(Form::rectangle(own.wing(area, Ridge::AlongStreet)))
    }
}

/// How far the parcel goes on behind a building in the building's full width, less a metre.
fn depth_behind(shape: &Convex, area: Area) -> f64 {
    let reach = |deep: f64| {
        let span = shape.span((area.max.y, area.max.y + deep + 1.0));
        span.is_some_and(|span| span.0 <= area.min.x + EDGE_M && area.max.x - EDGE_M <= span.1)
    };
    [18.0, 14.5, 11.0, 8.0].into_iter().find(|deep| reach(*deep)).unwrap_or(0.0)
}
