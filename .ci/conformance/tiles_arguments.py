"""Writes what the OGC's suite for tiles is told: a grid, and the limits of one zoom of a tile set in it."""

import json
import sys
from xml.sax.saxutils import escape

ZOOM = 3


def main(url, grid, path):
    with open(path, encoding="utf-8") as file:
        tileset = json.load(file)
    limits = next(it for it in tileset["tileMatrixSetLimits"] if it["tileMatrix"] == str(ZOOM))
    arguments = {
        "iut": url,
        "tilematrixsetdefinitionuri": tileset["tileMatrixSetURI"],
        "urltemplatefortiles": f"{url}/tiles/{grid}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
        "tilematrix": limits["tileMatrix"],
        "mintilerow": limits["minTileRow"],
        "maxtilerow": limits["maxTileRow"],
        "mintilecol": limits["minTileCol"],
        "maxtilecol": limits["maxTileCol"],
    }
    print('<?xml version="1.0" encoding="UTF-8"?>\n<properties version="1.0">')
    for key, value in arguments.items():
        print(f'  <entry key="{key}">{escape(str(value))}</entry>')
    print("</properties>")


main(*sys.argv[1:])
