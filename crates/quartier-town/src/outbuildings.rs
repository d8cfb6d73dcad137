use crate::{
    building::{Building, Function},
    dice::Dice,
    form::{Area, Form, Ridge, Roof, Wing},
    lots::Lot,
};

/// A garage beside the house or a shed behind it; `None` where there is no room.
pub(crate) fn outbuilding(lot: &Lot, house: &Building, dice: &mut Dice) -> Option<Building> {
    let outline = &house.form.outline;
    let right = outline.iter().map(|corner| corner.x).fold(f64::NEG_INFINITY, f64::max);
    let front = outline[0].y;
    let beside = (front + 2.0, front + 8.0);
    let garage = lot.shape.span(beside).filter(|span| span.1 - right >= 3.3);
    if let Some(span) = garage {
        let area = Area::new((span.1 - 3.0, span.1), beside);
        return Some(small(area, Function::Garage, 2.7, house.year_built, dice));
    }
    let behind = house.form.back() + 2.5;
    let deep = dice.between(3.0, 5.5);
    let span = lot.shape.span((behind, behind + deep))?;
    let wide = dice.between(2.8, 5.0).min(span.1 - span.0);
    let area = Area::new((span.1 - wide, span.1), (behind, behind + deep));
    (wide >= 2.4).then(|| small(area, Function::Shed, 2.3, house.year_built, dice))
}

fn small(area: Area, function: Function, eaves_m: f64, year: u32, dice: &mut Dice) -> Building {
    let roof = dice.weighted(&[(Roof::Flat, 75), (Roof::Gable, 15), (Roof::Shed, 10)]);
    let wing = Wing { area, eaves_m, rise_m: 0.9, roof, ridge: Ridge::FromStreet };
    let year_built = (year + dice.whole(0, 20)).clamp(1950, 2025);
    Building { form: Form::rectangle(wing), function, name: None, storeys: 1, year_built }
}
