package dev.turnout.kafka.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.kafka.member.PartitionProgress.Seen;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class PartitionProgressTest {

  @RepeatedTest(200)
  void shouldKnowWhatIsDoneAfterAnyOrderGapAndHandover(RepetitionInfo repetition) {
    // given records with gaps, seen in order, done in any, and a slow one now and then
    Random random = new Random(repetition.getCurrentRepetition());
    long start = random.nextInt(3) == 0 ? 0 : random.nextLong(1L << random.nextInt(1, 60));
    PartitionProgress progress = new PartitionProgress(start);
    List<Long> open = new ArrayList<>();
    Set<Long> unfinished = new HashSet<>();
    Set<Long> done = new HashSet<>();
    long offset = start;
    int steps = random.nextInt(1, 3000);
    int mostOpen = random.nextInt(1, 200);
    for (int i = 0; i < steps; i++) {
      if (open.isEmpty() || (open.size() < mostOpen && random.nextBoolean())) {
        offset += random.nextInt(10) == 0 ? random.nextInt(1, 50) : 0;
        assertThat(progress.see(offset)).isEqualTo(Seen.NEW);
        open.add(offset);
        unfinished.add(offset);
        offset++;
      } else {
        long finished = open.remove(random.nextInt(open.size()));
        progress.done(finished);
        unfinished.remove(finished);
        done.add(finished);
      }
    }

    // then a commit is behind all that is done in turn
    long next = unfinished.stream().mapToLong(Long::longValue).min().orElse(offset);
    assertThat(progress.next()).isEqualTo(next);

    // and whoever has the partition next knows what is not done, and of what is done most
    String metadata = progress.metadata();
    assertThat(metadata.length()).isLessThan(1500);
    PartitionProgress handedOver = PartitionProgress.of(next, metadata);
    assertThat(handedOver.next()).isEqualTo(next);
    assertThat(unfinished).noneMatch(each -> handedOver.see(each) == Seen.DONE);
    if (mostOpen < 50) {
      PartitionProgress exact = PartitionProgress.of(next, metadata);
      assertThat(done.stream().filter(each -> each >= next))
          .allMatch(each -> exact.see(each) == Seen.DONE);
    }

    // and who had it knows no less afterwards
    PartitionProgress back = progress.from(PartitionProgress.of(next, metadata));
    assertThat(back).isSameAs(progress);
    assertThat(unfinished).allMatch(each -> back.see(each) == Seen.UNFINISHED);
    assertThat(done.stream().filter(each -> each >= next))
        .allMatch(each -> back.see(each) == Seen.DONE);
  }

  @Test
  void shouldTellStrangersHowMuchIsDoneOutOfTurn() {
    // given six records, of which the second, fourth and fifth are done
    PartitionProgress progress = new PartitionProgress(10);
    for (long offset = 10; offset < 16; offset++) {
      progress.see(offset);
    }
    progress.done(11);
    progress.done(13);
    progress.done(14);

    // when, then
    assertThat(
            CommittedWork.doneOutOfTurn(
                new OffsetAndMetadata(progress.next(), progress.metadata())))
        .isEqualTo(3);
    assertThat(CommittedWork.doneOutOfTurn(new OffsetAndMetadata(10, "somebody else's"))).isZero();
    assertThat(CommittedWork.doneOutOfTurn(new OffsetAndMetadata(10))).isZero();
  }

  @Test
  void shouldLearnWhatAnotherMemberDidMeanwhile() {
    // given 0 to 5 seen, 1 done
    PartitionProgress mine = new PartitionProgress(0);
    for (int i = 0; i < 6; i++) {
      mine.see(i);
    }
    mine.done(1);

    // when another has done 0 and 2, and has 7 under way
    PartitionProgress others = new PartitionProgress(0);
    for (int i = 0; i < 9; i++) {
      others.see(i);
    }
    others.done(0);
    others.done(1);
    others.done(2);
    others.done(8);
    mine.from(PartitionProgress.of(others.next(), others.metadata()));

    // then
    assertThat(mine.next()).isEqualTo(3);
    assertThat(mine.see(2)).isEqualTo(Seen.DONE);
    assertThat(mine.see(3)).isEqualTo(Seen.UNFINISHED);
    assertThat(mine.see(7)).isEqualTo(Seen.UNFINISHED);
    assertThat(mine.see(8)).isEqualTo(Seen.DONE);
    assertThat(mine.see(9)).isEqualTo(Seen.NEW);
  }

  @Test
  void shouldForgetAllWhenTheGroupIsSetBack() {
    // given
    PartitionProgress progress = PartitionProgress.of(100, "");
    progress.see(100);

    // when
    PartitionProgress setBack = progress.from(new PartitionProgress(10));

    // then
    assertThat(setBack).isNotSameAs(progress);
    assertThat(setBack.see(10)).isEqualTo(Seen.NEW);
  }

  @Test
  void shouldTakeForeignMetadataForNone() {
    for (String foreign :
        List.of("", "by hand", "t1:", "t1:****", "t1:gICAgICAgICAgIA", "t1://8")) {
      PartitionProgress progress = PartitionProgress.of(5, foreign);
      assertThat(progress.next()).isEqualTo(5);
      assertThat(progress.see(5)).isEqualTo(Seen.NEW);
    }
  }
}
