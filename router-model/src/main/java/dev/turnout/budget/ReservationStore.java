package dev.turnout.budget;

import java.util.Map;

/** Where one account's open reservations outlive a restart: one entry for each of them. */
public interface ReservationStore {

  /** All that are open, by id, in any order. */
  Map<String, Reservation> open();

  /** Keeps a reservation; one of the same id is replaced. */
  void put(String id, Reservation reservation);

  /** Forgets a reservation. */
  void remove(String id);
}
