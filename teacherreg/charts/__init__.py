"""Charts: how they look, how they are drawn, and a picture for each coverage answer.

Pictures are made of data frames, coded values as codes; they know no registry and no page.
The site's own charts, which lead to its rows, are in `teacherreg.publish.charts`.
"""
