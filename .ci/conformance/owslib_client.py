"""OWSLib as a client: `owslib_client.py http://127.0.0.1:8080`."""

import sys

from owslib.ogcapi.features import Features


def main(url):
    service = Features(url)
    assert any(c.endswith("/conf/core") for c in service.conformance()["conformsTo"]), "no core class"
    assert service.api()["openapi"].startswith("3.0"), "the API is not described in OpenAPI 3.0"
    names = service.feature_collections()
    assert names, "no feature collections"
    for name in names:
        read(service, name)


def read(service, name):
    items = service.collection_items(name, limit=10)
    matched, returned = items["numberMatched"], items["numberReturned"]
    assert returned == len(items["features"]) == min(10, matched), f"{name}: {returned} of {matched}"
    first = items["features"][0]
    assert service.collection_item(name, first["id"])["geometry"] == first["geometry"], f"{name}: another geometry"
    bbox = service.collection(name)["extent"]["spatial"]["bbox"][0]
    inside = service.collection_items(name, bbox=bbox, limit=1)["numberMatched"]
    assert inside == matched, f"{name}: {inside} of {matched} within its own extent"
    assert service.collection_queryables(name)["type"] == "object", f"{name}: no queryables"
    print(f"ok   {name}: {matched} features")


main(sys.argv[1].rstrip("/") + "/")
