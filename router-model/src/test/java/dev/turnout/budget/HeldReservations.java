package dev.turnout.budget;

import java.util.Map;
import java.util.TreeMap;

/** Reservations in a map that outlives the account. */
final class HeldReservations implements ReservationStore {
  final Map<String, Reservation> all = new TreeMap<>();

  @Override
  public Map<String, Reservation> open() {
    return all;
  }

  @Override
  public void put(String id, Reservation reservation) {
    all.put(id, reservation);
  }

  @Override
  public void remove(String id) {
    all.remove(id);
  }
}
