"""Makes houses.csv: 1,200 invented sales of houses, with missing values.

    python3 data/houses/make.py > data/houses/houses.csv
"""
import math
import random

random.seed(1)
ENERGY = "ABCDEFG"


def sale():
    area = round(min(320, max(28, random.lognormvariate(4.7, 0.42))))
    rooms = max(1, round(area / 27 + random.gauss(0, 0.8)))
    year = min(2024, round(2024 - random.expovariate(1 / 38)))
    distance = round(random.gammavariate(2, 3.5), 1)
    garden = random.random() < min(0.9, 0.15 + distance / 18)
    energy = min(6, max(0, round((2024 - year) / 17 + random.gauss(0, 1.1))))
    # Thousand euros: by area, more near the centre; old houses are worth less, very old ones more.
    age = 2024 - year
    price = 2.9 * area ** 0.92 * (0.55 + 0.9 * math.exp(-distance / 6))
    price *= 1 - 0.35 * (1 - math.exp(-age / 30)) + 0.25 * max(0, age - 90) / 60
    price *= 1.06 if garden else 1
    price *= 1.04 - 0.025 * energy
    price *= math.exp(random.gauss(0, 0.08))
    return [area, rooms, year, distance, "yes" if garden else "no", ENERGY[energy], round(price, 1)]


def with_gaps(row):
    chances = [0, 0.03, 0.08, 0.02, 0, 0.12, 0]  # that a value is missing, by column
    gaps = ["", "", "", "", "", "unknown", ""]
    return [gap if random.random() < chance else str(value)
            for value, chance, gap in zip(row, chances, gaps)]


print("area,rooms,year,distance,garden,energy,price")
for _ in range(1200):
    print(",".join(with_gaps(sale())))
