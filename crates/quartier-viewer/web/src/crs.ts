/** Coordinates of the working CRS, for reading them off the map: good to a millimetre within a zone. */

export interface Position {
  /** The CRS that the position is in, for example `EPSG:25832`. */
  crs: string;
  /** x before y, with the axis' letter. */
  axes: [string, string];
  values: [number, number];
  /** Degrees, else metres. */
  isGeographic: boolean;
}

export type Project = (longitude: number, latitude: number) => Position;

interface Ellipsoid {
  a: number;
  f: number;
}

interface Zone {
  ellipsoid: Ellipsoid;
  centralMeridian: number;
  falseNorthing: number;
}

const GRS80: Ellipsoid = { a: 6_378_137, f: 1 / 298.257222101 };
const WGS84: Ellipsoid = { a: 6_378_137, f: 1 / 298.257223563 };
const SCALE = 0.9996;
const FALSE_EASTING = 500_000;
const RADIANS = Math.PI / 180;

/** `EPSG:25832` of whatever form a CRS is written in. */
export function crsName(crs: string): string {
  const epsg = /EPSG[:/]+(?:[\d.]+[:/])?:?(\d+)$/i.exec(crs);
  return epsg ? `EPSG:${epsg[1]}` : 'OGC:CRS84';
}

/** How longitude and latitude turn into the CRS; a CRS that is not known here gives degrees, and says so. */
export function projector(crs: string): Project {
  const name = crsName(crs);
  const code = Number(name.slice(5));
  if (code === 3857) return webMercator;
  const zone = zoneOf(code);
  return zone ? (lon, lat) => metric(name, transverseMercator(lon, lat, zone)) : degrees;
}

/** UTM: ETRS89 zones 28 to 38, WGS 84 zones 1 to 60 north and south. */
function zoneOf(code: number): Zone | undefined {
  const number = code % 100;
  const centralMeridian = number * 6 - 183;
  const series = Math.floor(code / 100);
  if (series === 258 && number >= 28 && number <= 38) {
    return { ellipsoid: GRS80, centralMeridian, falseNorthing: 0 };
  }
  if ((series === 326 || series === 327) && number >= 1 && number <= 60) {
    return { ellipsoid: WGS84, centralMeridian, falseNorthing: series === 327 ? 10_000_000 : 0 };
  }
  return undefined;
}

/** Krüger's series in the third flattening, as in Karney, Transverse Mercator with an accuracy of a few nanometers. */
function transverseMercator(lon: number, lat: number, zone: Zone): [number, number] {
  const { a, f } = zone.ellipsoid;
  const n = f / (2 - f);
  const eccentricity = Math.sqrt(f * (2 - f));
  const λ = (lon - zone.centralMeridian) * RADIANS;
  const sinφ = Math.sin(lat * RADIANS);
  const t = Math.sinh(Math.atanh(sinφ) - eccentricity * Math.atanh(eccentricity * sinφ));
  const ξ = Math.atan2(t, Math.cos(λ));
  const η = Math.asinh(Math.sin(λ) / Math.hypot(t, Math.cos(λ)));
  const [north, east] = series(n, ξ, η);
  const radius = (a / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64);
  return [FALSE_EASTING + SCALE * radius * east, zone.falseNorthing + SCALE * radius * north];
}

function series(n: number, ξ: number, η: number): [number, number] {
  const α = [
    n / 2 - (2 * n ** 2) / 3 + (5 * n ** 3) / 16 + (41 * n ** 4) / 180,
    (13 * n ** 2) / 48 - (3 * n ** 3) / 5 + (557 * n ** 4) / 1440,
    (61 * n ** 3) / 240 - (103 * n ** 4) / 140,
    (49_561 * n ** 4) / 161_280,
  ];
  const terms = α.map((value, i) => [value, 2 * (i + 1)] as const);
  const north = terms.reduce((sum, [α, k]) => sum + α * Math.sin(k * ξ) * Math.cosh(k * η), ξ);
  const east = terms.reduce((sum, [α, k]) => sum + α * Math.cos(k * ξ) * Math.sinh(k * η), η);
  return [north, east];
}

function webMercator(lon: number, lat: number): Position {
  const y = Math.atanh(Math.sin(lat * RADIANS));
  return metric('EPSG:3857', [WGS84.a * lon * RADIANS, WGS84.a * y]);
}

function metric(crs: string, values: [number, number]): Position {
  return { crs, axes: ['E', 'N'], values, isGeographic: false };
}

function degrees(lon: number, lat: number): Position {
  return { crs: 'OGC:CRS84', axes: ['lon', 'lat'], values: [lon, lat], isGeographic: true };
}

/** As read in the language: metres in groups of three, degrees with six places. */
export function written({ axes, values, isGeographic }: Position, language: string): string {
  const digits = isGeographic ? 6 : 1;
  const format = new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return values.map((value, i) => `${axes[i]} ${format.format(value)}`).join('  ');
}
