"""QGIS as a client, without a screen: features over HTTP, vector tiles, and the GeoPackage while it is being served.

`qgis_client.py http://127.0.0.1:8080 quartier.gpkg`
"""

import json
import sys
from urllib.request import urlopen

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

PAPER = QColor(255, 255, 255)
SIZE = QSize(512, 512)
WEB_MERCATOR = QgsCoordinateReferenceSystem("EPSG:3857")


def main(url, file):
    with urlopen(f"{url}/collections") as answer:
        names = [collection["id"] for collection in json.load(answer)["collections"]]
    failed = 0
    for name in names:
        features = QgsVectorLayer(f"url='{url}' typename='{name}' restrictToRequestBBOX='0'", name, "OAPIF")
        file_layer = QgsVectorLayer(f"{file}|layername={name}", name, "ogr")
        tiles = QgsVectorTileLayer(
            f"type=xyz&zmin=0&zmax=16&url={url}/collections/{name}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}", name
        )
        failed += not tell(f"features {name}", features, counted(features))
        failed += not tell(f"GeoPackage {name}", file_layer, counted(file_layer))
        failed += not tell(f"tiles {name}", tiles, inked(tiles, mercator(file_layer)))
        if counted(features) != counted(file_layer):
            failed += 1
            print(f"FAIL {name}: {counted(features)} features over HTTP, {counted(file_layer)} in the file")
    return 1 if failed or not names else 0


def tell(what, layer, found):
    good = layer.isValid() and found > 0
    print(f"{'ok  ' if good else 'FAIL'} {what}: {found}" + ("" if layer.isValid() else f" {layer.error().summary()}"))
    return good


def counted(layer):
    return sum(1 for _ in layer.getFeatures()) if layer.isValid() else 0


def mercator(layer):
    """The middle of a layer: as wide as one tile at zoom 15, where every collection has something to show."""
    transform = QgsCoordinateTransform(layer.crs(), WEB_MERCATOR, QgsProject.instance())
    middle = transform.transformBoundingBox(layer.extent()).center()
    return QgsRectangle(middle.x() - 611, middle.y() - 611, middle.x() + 611, middle.y() + 611)


def inked(layer, extent):
    """How many pixels of the map are not paper."""
    if not layer.isValid():
        return 0
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(WEB_MERCATOR)
    settings.setExtent(extent)
    settings.setOutputSize(SIZE)
    settings.setBackgroundColor(PAPER)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    pixels = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return sum(image.pixelColor(x, y) != PAPER for x, y in pixels)


application = QgsApplication([], False)
application.initQgis()
code = main(sys.argv[1].rstrip("/"), sys.argv[2])
application.exitQgis()
sys.exit(code)
