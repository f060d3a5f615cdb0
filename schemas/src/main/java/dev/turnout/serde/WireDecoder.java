package dev.turnout.serde;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Avro binary from an array that somebody else wrote: no length or count is believed before it is
 * compared with the bytes that are there. Avro's own decoder reserves the claimed length first, so
 * that twenty bytes can ask for two gigabytes. Strings are made straight from the array.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#binary-encoding">Avro, binary
 *     encoding</a>
 */
final class WireDecoder extends Decoder {

  private static final int LONGEST_VARINT = 10;

  private final byte[] bytes;
  private int position;
  private long claimed;

  WireDecoder(byte[] bytes, int offset) {
    this.bytes = bytes;
    this.position = offset;
  }

  int remaining() {
    return bytes.length - position;
  }

  /** Moves past the next bytes and says where they begin. */
  private int take(int length) throws EOFException {
    if (length > remaining()) {
      throw new EOFException(
          "the record ends at byte "
              + bytes.length
              + ", "
              + (length - remaining())
              + " bytes too early");
    }
    int start = position;
    position += length;
    return start;
  }

  private int length() throws IOException {
    long length = readLong();
    if (length < 0 || length > remaining()) {
      throw new EOFException(
          "a length of " + length + " is claimed where " + remaining() + " bytes are left");
    }
    return (int) length;
  }

  @Override
  public void readNull() {}

  @Override
  public boolean readBoolean() throws IOException {
    return bytes[take(1)] == 1;
  }

  @Override
  public int readInt() throws IOException {
    long value = readLong();
    if (value != (int) value) {
      throw new IOException(value + " is not an int");
    }
    return (int) value;
  }

  @Override
  public long readLong() throws IOException {
    long zigzag = 0;
    for (int i = 0; i < LONGEST_VARINT; i++) {
      byte next = bytes[take(1)];
      zigzag |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    throw new IOException("a number is longer than " + LONGEST_VARINT + " bytes");
  }

  @Override
  public float readFloat() throws IOException {
    return littleEndian(take(4), 4).getFloat();
  }

  @Override
  public double readDouble() throws IOException {
    return littleEndian(take(8), 8).getDouble();
  }

  private ByteBuffer littleEndian(int start, int length) {
    return ByteBuffer.wrap(bytes, start, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public Utf8 readString(@Nullable Utf8 old) throws IOException {
    return new Utf8(readString());
  }

  @Override
  public String readString() throws IOException {
    int length = length();
    return new String(bytes, take(length), length, StandardCharsets.UTF_8);
  }

  @Override
  public void skipString() throws IOException {
    skipBytes();
  }

  @Override
  public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
    byte[] copy = new byte[length()];
    readFixed(copy, 0, copy.length);
    return ByteBuffer.wrap(copy);
  }

  @Override
  public void skipBytes() throws IOException {
    int unusedStart = take(length());
  }

  @Override
  public void readFixed(byte[] target, int start, int length) throws IOException {
    System.arraycopy(bytes, take(length), target, start, length);
  }

  @Override
  public void skipFixed(int length) throws IOException {
    int unusedStart = take(length);
  }

  @Override
  public int readEnum() throws IOException {
    return readInt();
  }

  @Override
  public int readIndex() throws IOException {
    return readInt();
  }

  @Override
  public long readArrayStart() throws IOException {
    return itemCount();
  }

  @Override
  public long arrayNext() throws IOException {
    return itemCount();
  }

  @Override
  public long skipArray() throws IOException {
    return skipBlocks();
  }

  @Override
  public long readMapStart() throws IOException {
    return itemCount();
  }

  @Override
  public long mapNext() throws IOException {
    return itemCount();
  }

  @Override
  public long skipMap() throws IOException {
    return skipBlocks();
  }

  private long itemCount() throws IOException {
    long count = readLong();
    if (count < 0) {
      // a negative count announces the block's size in bytes, which only skipping needs
      long unusedSize = readLong();
      count = -count;
    }
    return checked(count);
  }

  /**
   * Every item of a type worth an array takes at least one byte, and so do those within it. Without
   * the sum, arrays of arrays of nothing would claim as many items as the square of their bytes.
   */
  private long checked(long count) throws EOFException {
    if (count < 0 || count > remaining()) {
      throw new EOFException(count + " items are claimed where " + remaining() + " bytes are left");
    }
    claimed += count;
    if (claimed > bytes.length) {
      throw new EOFException(claimed + " items are claimed in " + bytes.length + " bytes");
    }
    return count;
  }

  /** Skips the blocks that say how long they are; the rest is the caller's, item by item. */
  private long skipBlocks() throws IOException {
    long count = readLong();
    while (count < 0) {
      int unusedStart = take(length());
      count = readLong();
    }
    return checked(count);
  }
}
