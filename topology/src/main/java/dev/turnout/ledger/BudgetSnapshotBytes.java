package dev.turnout.ledger;

import dev.turnout.budget.BudgetSnapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A kept budget as bytes of the owner's state store, exact to the bit. */
final class BudgetSnapshotBytes {
  private static final int FORMAT = 2;

  private BudgetSnapshotBytes() {}

  static byte[] write(BudgetSnapshot kept) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeDouble(kept.bucketUsd());
      out.writeDouble(kept.spentUsd());
      out.writeDouble(kept.price());
      write(out, kept.latest());
      out.writeInt(kept.reservations().size());
      for (BudgetSnapshot.Reservation each : kept.reservations()) {
        write(out, each.queryId());
        out.writeDouble(each.usd());
        write(out, each.at());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalStateException if the bytes are of another format
   */
  static BudgetSnapshot read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readByte();
      if (format != FORMAT) {
        throw new IllegalStateException(
            "the kept budget has format " + format + ", but this program reads " + FORMAT);
      }
      double bucket = in.readDouble();
      double spent = in.readDouble();
      double price = in.readDouble();
      Instant latest = readInstant(in);
      int size = in.readInt();
      List<BudgetSnapshot.Reservation> reservations = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        reservations.add(
            new BudgetSnapshot.Reservation(readText(in), in.readDouble(), readInstant(in)));
      }
      return new BudgetSnapshot(bucket, spent, price, latest, reservations);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Length and bytes, since writeUTF ends at 65,535 bytes. */
  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void write(DataOutputStream out, Instant moment) throws IOException {
    out.writeLong(moment.getEpochSecond());
    out.writeInt(moment.getNano());
  }

  private static Instant readInstant(DataInputStream in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }
}
