# Reads messages with Perl's MIME::Parser: one base64 line in, one JSON line out.
use strict;
use warnings;
use Encode qw(decode);
use JSON::PP;
use MIME::Base64 qw(decode_base64 encode_base64);
use MIME::Parser;

$| = 1;
my $json = JSON::PP->new->utf8->canonical;

sub header { my ($raw) = @_; return '' unless defined $raw; $raw =~ s/\r?\n(?=[ \t])//g; $raw =~ s/\s+$//; return decode('MIME-Header', $raw); }

sub leaves { my ($entity) = @_; my @parts = $entity->parts; return @parts ? map { leaves($_) } @parts : ($entity); }

while (my $line = <STDIN>) {
  my $parser = MIME::Parser->new;
  $parser->output_to_core(1);
  $parser->tmp_to_core(1);
  my $entity = $parser->parse_data(decode_base64($line));
  my %found = (subject => header($entity->head->get('Subject')), attachments => []);
  for my $leaf (leaves($entity)) {
    my $name = $leaf->head->recommended_filename;
    my $bytes = $leaf->bodyhandle ? $leaf->bodyhandle->as_string : '';
    my $type = $leaf->mime_type;
    if (!defined $name && $type eq 'text/plain') { $found{text} = decode('UTF-8', $bytes); }
    elsif (!defined $name && $type eq 'text/html') { $found{html} = decode('UTF-8', $bytes); }
    else { push @{$found{attachments}}, { filename => $name // '', content => encode_base64($bytes, '') }; }
  }
  print $json->encode(\%found), "\n";
}
