use geo_types::Coord;

use crate::{
    building::{Building, Function},
    dice::Dice,
    form::{Area, Form, Ridge, Roof, Wing},
    lots::Lot,
    names,
};

/// The church and the town hall, with the square between them.
pub(crate) fn market(lot: &Lot, dice: &mut Dice) -> Vec<Building> {
    let depth = lot.shape.reach(Coord { x: 0.0, y: 1.0 }).1;
    let hall_y = (4.0, 17.0);
    let hall = lot.shape.span((hall_y.0, hall_y.1 + 9.0)).map(|span| {
        let middle = span.0.midpoint(span.1);
        let half = ((span.1 - span.0) / 2.0 - 2.0).min(17.0);
        town_hall(Area::new((middle - half, middle + half), hall_y))
    });
    let church = church(lot, depth * 0.56, dice);
    hall.into_iter().chain(church).collect()
}

fn town_hall(area: Area) -> Building {
    let main =
        Wing { area, eaves_m: 12.5, rise_m: 6.5, roof: Roof::Gable, ridge: Ridge::AlongStreet };
    let wing = |x| Wing {
        area: Area::new(x, (area.max.y, area.max.y + 9.0)),
        eaves_m: 10.0,
        rise_m: 3.5,
        roof: Roof::Gable,
        ridge: Ridge::FromStreet,
    };
    let wings = [wing((area.min.x, area.min.x + 9.0)), wing((area.max.x - 9.0, area.max.x))];
    Building {
        form: Form::with_back_wings(main, &wings),
        function: Function::TownHall,
        name: Some("Rathaus".to_owned()),
        storeys: 3,
        year_built: 1607,
    }
}

/// Nave and tower, as parts.
pub(crate) fn church(lot: &Lot, front: f64, dice: &mut Dice) -> Option<Building> {
    let (wide, long, side) = (dice.between(13.0, 18.0), dice.between(25.0, 38.0), 7.5);
    let y = (front, front + wide);
    let span = lot.shape.span(y)?;
    let long = long.min(span.1 - span.0 - side - 4.0);
    if long < 14.0 {
        return None;
    }
    let from = (span.0 + span.1 - long - side) / 2.0 + side;
    let nave = Wing {
        area: Area::new((from, from + long), y),
        eaves_m: dice.between(10.0, 15.0),
        rise_m: wide * 0.6,
        roof: Roof::Gable,
        ridge: Ridge::AlongStreet,
    };
    let middle = nave.area.middle().y;
    let tower = Wing {
        area: Area::new((from - side, from), (middle - side / 2.0, middle + side / 2.0)),
        eaves_m: nave.eaves_m + dice.between(8.0, 16.0),
        rise_m: dice.between(9.0, 20.0),
        roof: Roof::Pyramid,
        ridge: Ridge::AlongStreet,
    };
    Some(Building {
        form: Form::with_tower(nave, tower),
        function: Function::Church,
        name: Some(names::church(dice)),
        storeys: 1,
        year_built: dice.whole(1210, 1965),
    })
}

pub(crate) fn school(lot: &Lot, dice: &mut Dice) -> Option<Building> {
    let storeys = dice.whole(2, 3);
    let form = flat(lot, (38.0, 60.0), 14.0, (18.0, f64::from(storeys) * 3.6 + 0.8))?;
    Some(Building {
        form,
        function: Function::School,
        name: Some(names::school(dice)),
        storeys,
        year_built: dice.whole(1898, 2015),
    })
}

pub(crate) fn kindergarten(lot: &Lot, dice: &mut Dice) -> Option<Building> {
    let form = flat(lot, (20.0, 30.0), 10.0, (8.0, 4.2))?;
    Some(Building {
        form,
        function: Function::Kindergarten,
        name: Some(names::kindergarten(dice)),
        storeys: 1,
        year_built: dice.whole(1965, 2024),
    })
}

pub(crate) fn farm(lot: &Lot, dice: &mut Dice) -> Option<Building> {
    let (y, half) = ((12.0, 26.0), dice.between(12.0, 18.0));
    let span = lot.shape.span(y).filter(|span| span.1 - span.0 > 60.0)?;
    let middle = span.0 + (span.1 - span.0) * dice.between(0.35, 0.65);
    let area = Area::new((middle - half, middle + half), y);
    let wing =
        Wing { area, eaves_m: 4.5, rise_m: 5.5, roof: Roof::Gable, ridge: Ridge::AlongStreet };
    let form = Form::rectangle(wing);
    let year_built = dice.whole(1780, 1990);
    Some(Building { form, function: Function::Dwelling, name: None, storeys: 2, year_built })
}

/// A flat-roofed U: a front and two wings that reach back, of the given reach and height.
fn flat(lot: &Lot, width: (f64, f64), deep: f64, wings: (f64, f64)) -> Option<Form> {
    let (reach, height_m) = wings;
    let y = (9.0, 9.0 + deep);
    let span = lot.shape.span((y.0, y.1 + reach + 2.0))?;
    let wide = width.1.min(span.1 - span.0 - 6.0);
    if wide < width.0 * 0.7 {
        return None;
    }
    let middle = span.0.midpoint(span.1);
    let area = Area::new((middle - wide / 2.0, middle + wide / 2.0), y);
    let wing = |area| Wing {
        area,
        eaves_m: height_m,
        rise_m: 0.0,
        roof: Roof::Flat,
        ridge: Ridge::AlongStreet,
    };
    let back = (area.max.y, area.max.y + reach);
    let ends = [(area.min.x, area.min.x + wide * 0.24), (area.max.x - wide * 0.24, area.max.x)];
    let ends = ends.map(|x| wing(Area::new(x, back)));
    Some(Form::with_back_wings(wing(area), &ends))
}
