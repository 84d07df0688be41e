export const scan = {
  heading: 'Scan a code',
  lead: 'Point the camera at an invitation.',
  starting: 'Starting the camera…',
  useCamera: 'Use the camera',
  paste: 'Paste a link',
  link: 'Invitation link',
  linkMissing: 'Paste an invitation link first.',
  continue: 'Continue',
  picture: 'Choose a picture',
  denied:
    'Parley may not use the camera. Allow it in the browser’s settings, or paste a link or choose a picture.',
  'no-camera': 'This device has no camera that Parley can use. Paste a link or choose a picture.',
  failed:
    'The camera did not start. Another app may be using it. Paste a link or choose a picture.',
  noCode: 'There is no code in this picture. Try another one.',
  pictureFailed: 'The picture could not be read without a network. Go online once, then try again.',
} as const;
